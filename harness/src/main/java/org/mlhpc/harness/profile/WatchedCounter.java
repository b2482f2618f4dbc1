package org.mlhpc.harness.profile;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.mlhpc.api.FileErrors;
import org.mlhpc.roofline.counters.CounterSource;
import org.mlhpc.roofline.counters.Counting;
import org.mlhpc.roofline.counters.Tally;

/** A source, and what counts for it between {@link #open} and {@link #stop}, if it can be read on this rank. */
final class WatchedCounter implements AutoCloseable {
    private final CounterSource source;
    private final boolean available;
    private Optional<Counting> counting = Optional.empty();
    private String obstacle = "";

    WatchedCounter(CounterSource source) {
        this.source = source;
        this.available = source.availability().available();
    }

    CounterSource source() {
        return source;
    }

    /** What could be read a moment ago and no longer can has no amount; {@link #stop} says why. */
    void open() {
        try {
            counting = available ? Optional.of(source.open()) : Optional.empty();
        } catch (IOException e) {
            obstacle = FileErrors.message(e);
        }
    }

    void keepUp() {
        counting.ifPresent(Counting::keepUp);
    }

    /** Unknown without a reason if it could not be read from the first. */
    Tally stop() {
        return counting.map(Counting::stop).orElseGet(() -> Tally.unknown(obstacle));
    }

    /** As {@link Counting#elsewhere}. */
    Duration elsewhere() {
        return counting.map(Counting::elsewhere).orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        counting.ifPresent(Counting::close);
    }
}
