package org.mlhpc.harness.profile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.mlhpc.api.Communicator;
import org.mlhpc.results.Profile;
import org.mlhpc.roofline.counters.CounterSource;
import org.mlhpc.roofline.counters.Counters;
import org.mlhpc.roofline.counters.Counting;
import org.mlhpc.roofline.counters.Quantity;
import org.mlhpc.roofline.counters.Scope;
import org.mlhpc.roofline.counters.SuppliedCounter;

/**
 * The counters of the machine while a run trains: those of processes on every rank, those of nodes and devices on rank 0.
 */
public final class RunCounters implements AutoCloseable {
    private final Communicator world;
    private final LongSupplier nanoTime;
    private final List<Open> open = new ArrayList<>();
    private long readNanos;
    private final long began;

    /** One source at work; none on a rank where it cannot be read. */
    private record Open(CounterSource source, List<Counting> counting) {}

    /**
     * What the counters said.
     *
     * @param share time spent reading them, part of the time they counted
     */
    public record Counted(List<Profile.Counted> amounts, double share) {}

    /** Opens what can be opened. Collective. */
    public RunCounters(Communicator world, LongSupplier nanoTime) {
        this.world = world;
        this.nanoTime = nanoTime;
        for (CounterSource source : sources(world)) {
            if (source.scope() == Scope.PROCESS || world.rank() == 0) {
                open.add(new Open(source, tryOpen(source)));
            }
        }
        this.began = nanoTime.getAsLong();
    }

    private static List<CounterSource> sources(Communicator world) {
        var sources = new ArrayList<CounterSource>();
        sources.add(new SuppliedCounter(
                "communicator",
                Quantity.NETWORK,
                "payload handed to collectives",
                () -> OptionalLong.of(world.payloadBytes())));
        sources.addAll(Counters.ofThisMachine());
        return sources;
    }

    private static List<Counting> tryOpen(CounterSource source) {
        try {
            return source.availability().available() ? List.of(source.open()) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** To be called now and then, such as after each epoch, so that registers that wrap around are read in time. */
    public void keepUp() {
        long begin = nanoTime.getAsLong();
        open.forEach(each -> each.counting().forEach(Counting::keepUp));
        readNanos += nanoTime.getAsLong() - begin;
    }

    /** Ends counting. Collective. */
    public Counted stop() {
        long begin = nanoTime.getAsLong();
        List<OptionalDouble> own = open.stream()
                .map(each -> each.counting().isEmpty()
                        ? OptionalDouble.empty()
                        : each.counting().get(0).stop())
                .toList();
        long end = nanoTime.getAsLong();
        readNanos += end - begin;
        var amounts = new ArrayList<Profile.Counted>();
        for (int i = 0; i < open.size(); i++) {
            CounterSource source = open.get(i).source();
            OptionalDouble amount = source.scope() == Scope.PROCESS ? ofAll(own.get(i)) : own.get(i);
            amount.ifPresent(value -> amounts.add(new Profile.Counted(
                    source.name(),
                    lower(source.quantity()),
                    lower(source.scope()),
                    value,
                    source.quantity().unit())));
        }
        double share = (double) readNanos / Math.max(1, end - began);
        return new Counted(amounts, world.max(share));
    }

    /** The sum over ranks; empty if a rank could not tell. */
    private OptionalDouble ofAll(OptionalDouble own) {
        double[] sums = {own.orElse(0), own.isPresent() ? 1 : 0};
        world.sum(sums);
        return sums[1] == world.size() ? OptionalDouble.of(sums[0]) : OptionalDouble.empty();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        open.forEach(each -> each.counting().forEach(Counting::close));
    }
}
