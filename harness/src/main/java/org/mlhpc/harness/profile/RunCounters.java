package org.mlhpc.harness.profile;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    /** The same on all ranks but for those of nodes and devices, whose results are not exchanged. */
    private final List<Watched> watched = new ArrayList<>();

    private long readNanos;
    private long began;

    /** A source, and what counts for it between {@link #begin} and {@link #stop}, if it can be read on this rank. */
    private static final class Watched {
        private final CounterSource source;
        private final boolean available;
        private Optional<Counting> counting = Optional.empty();

        Watched(CounterSource source) {
            this.source = source;
            this.available = source.availability().available();
        }

        void open() {
            try {
                counting = available ? Optional.of(source.open()) : Optional.empty();
            } catch (IOException e) {
                // What could be read a moment ago and no longer can is absent from the profile.
                counting = Optional.empty();
            }
        }

        OptionalDouble stop() {
            return counting.isPresent() ? counting.get().stop() : OptionalDouble.empty();
        }
    }

    /**
     * What the counters said.
     *
     * @param share time spent reading them, part of the time they counted
     */
    record Counted(List<Profile.Counted> amounts, double share) {}

    /** Looks what can be read, which takes a while. */
    RunCounters(Communicator world, LongSupplier nanoTime) {
        this.world = world;
        this.nanoTime = nanoTime;
        for (CounterSource source : sources(world)) {
            if (source.scope() == Scope.PROCESS || world.rank() == 0) {
                watched.add(new Watched(source));
            }
        }
    }

    /** Every counter, whether it is available here or not. */
    public static List<CounterSource> sources(Communicator world) {
        var sources = new ArrayList<CounterSource>();
        sources.add(new SuppliedCounter(
                "communicator",
                Quantity.NETWORK,
                "payload handed to collectives",
                () -> OptionalLong.of(world.payloadBytes())));
        sources.addAll(Counters.ofThisMachine());
        return sources;
    }

    /** Begins to count. */
    void begin() {
        began = nanoTime.getAsLong();
        watched.forEach(Watched::open);
        readNanos = nanoTime.getAsLong() - began;
    }

    /** To be called now and then, such as after each epoch, so that registers that wrap around are read in time. */
    void keepUp() {
        long begin = nanoTime.getAsLong();
        watched.forEach(each -> each.counting.ifPresent(Counting::keepUp));
        readNanos += nanoTime.getAsLong() - begin;
    }

    /** Ends counting. Collective. */
    Counted stop() {
        long begin = nanoTime.getAsLong();
        List<OptionalDouble> own = watched.stream().map(Watched::stop).toList();
        long end = nanoTime.getAsLong();
        readNanos += end - begin;
        var amounts = new ArrayList<Profile.Counted>();
        for (int i = 0; i < watched.size(); i++) {
            CounterSource source = watched.get(i).source;
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
        watched.forEach(each -> each.counting.ifPresent(Counting::close));
    }
}
