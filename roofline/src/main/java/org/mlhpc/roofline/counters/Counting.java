package org.mlhpc.roofline.counters;

import java.util.OptionalDouble;

/** A counter at work. */
public interface Counting extends AutoCloseable {
    /** To be called more often than the registers behind the counter wrap around: every few minutes. */
    void keepUp();

    /**
     * Ends counting.
     *
     * @return the amount since the counter was opened, in the unit of its quantity; empty if it became unreadable, was reset
     *     or got stuck meanwhile
     */
    OptionalDouble stop();

    /** Ends counting without a result; nothing happens after {@link #stop}. */
    @Override
    void close();
}
