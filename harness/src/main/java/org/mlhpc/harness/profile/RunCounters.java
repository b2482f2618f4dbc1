package org.mlhpc.harness.profile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.mlhpc.roofline.counters.Tally;

/**
 * The counters of the machine while a run trains: those of processes on every rank, those of nodes and devices on rank 0. A thread of
 * its own reads them in between, so that none wraps around unseen in a long epoch.
 */
public final class RunCounters implements AutoCloseable {
    private final Communicator world;
    private final LongSupplier nanoTime;
    private final Duration period;
    /** The same on all ranks but for those of nodes and devices, whose results are not exchanged. */
    private final List<WatchedCounter> watched;

    private final Thread thread = new Thread(this::read, "mlhpc-counters");
    private long readNanos;
    private long began;
    private boolean counting;

    /**
     * What the counters said.
     *
     * @param share time spent counting, part of the time that they counted
     * @param uncounted which of those that could be read at first came to nothing, with the reason
     */
    record Counted(List<Profile.Counted> amounts, double share, List<String> uncounted) {}

    /** Looks what can be read, which takes a while. */
    RunCounters(Communicator world, LongSupplier nanoTime) {
        this(world, nanoTime, sources(world), Counting.PERIOD);
    }

    /** @param period between two readings */
    RunCounters(Communicator world, LongSupplier nanoTime, List<CounterSource> sources, Duration period) {
        this.world = world;
        this.nanoTime = nanoTime;
        this.period = period;
        this.watched = sources.stream()
                .filter(source -> source.scope() == Scope.PROCESS || world.rank() == 0)
                .map(WatchedCounter::new)
                .toList();
        thread.setDaemon(true);
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
    synchronized void begin() {
        began = nanoTime.getAsLong();
        watched.forEach(WatchedCounter::open);
        readNanos = nanoTime.getAsLong() - began;
        counting = true;
        thread.start();
    }

    private void read() {
        try {
            do {
                Thread.sleep(period.toMillis());
            } while (keepUp());
        } catch (InterruptedException e) {
            // It has been stopped.
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there will be more to read. */
    private synchronized boolean keepUp() {
        if (counting) {
            long begin = nanoTime.getAsLong();
            watched.forEach(WatchedCounter::keepUp);
            readNanos += nanoTime.getAsLong() - begin;
        }
        return counting;
    }

    /** Ends counting. Collective. */
    Counted stop() {
        List<Tally> own = new ArrayList<>();
        double share = stop(own);
        var amounts = new ArrayList<Profile.Counted>();
        var uncounted = new ArrayList<String>();
        for (int i = 0; i < watched.size(); i++) {
            CounterSource source = watched.get(i).source();
            Tally tally = source.scope() == Scope.PROCESS ? ofAll(own.get(i)) : own.get(i);
            tally.amount().ifPresent(value -> amounts.add(counted(source, value)));
            if (!tally.reason().isEmpty()) {
                uncounted.add(source.name() + ": " + tally.reason());
            }
        }
        return new Counted(amounts, world.max(share), uncounted);
    }

    /** Adds what the counters of this rank came to; the share of the time that counting took. */
    private synchronized double stop(List<Tally> own) {
        counting = false;
        thread.interrupt();
        long begin = nanoTime.getAsLong();
        watched.forEach(each -> own.add(each.stop()));
        long end = nanoTime.getAsLong();
        readNanos += end - begin;
        for (WatchedCounter each : watched) {
            readNanos += each.elsewhere().toNanos();
        }
        return (double) readNanos / Math.max(1, end - began);
    }

    /** The sum over ranks; unknown if a rank could not tell. */
    private Tally ofAll(Tally own) {
        OptionalDouble amount = own.amount();
        double[] sums = {amount.orElse(0), amount.isPresent() ? 1 : 0};
        world.sum(sums);
        if (sums[1] == world.size()) {
            return Tally.of(sums[0]);
        }
        boolean nowhere = sums[1] == 0 || !own.reason().isEmpty();
        return nowhere ? own : Tally.unknown("counted on " + (long) sums[1] + " of " + world.size() + " ranks alone");
    }

    private static Profile.Counted counted(CounterSource source, double amount) {
        return new Profile.Counted(
                source.name(),
                source.quantity().word(),
                source.scope().word(),
                amount,
                source.quantity().unit());
    }

    @Override
    public synchronized void close() {
        counting = false;
        thread.interrupt();
        watched.forEach(WatchedCounter::close);
    }
}
