package org.mlhpc.roofline.counters;

import java.time.Duration;

/** A counter at work. One thread at a time may call it. */
public interface Counting extends AutoCloseable {
    /** How often {@link #keepUp} is to be called: several times before any register behind a counter wraps around. */
    Duration PERIOD = Duration.ofSeconds(20);

    /** Reads what would not wait until {@link #stop}. */
    void keepUp();

    /** Ends counting. The amount is unknown if the counter became unreadable, was reset, got stuck or was read too late. */
    Tally stop();

    /** Processor time that a program of the system took to count, known after {@link #stop}; 0 where there is none. */
    default Duration elsewhere() {
        return Duration.ZERO;
    }

    /** Ends counting without a result; nothing happens after {@link #stop}. */
    @Override
    void close();
}
