package org.mlhpc.roofline.counters;

import java.io.IOException;

/** A counter of the system, which may or may not be readable here. */
public interface CounterSource {
    /** Where the numbers come from. */
    String name();

    /** What is counted. */
    Quantity quantity();

    /** Whose it is. */
    Scope scope();

    /** Looks whether it can be read. */
    Availability availability();

    /**
     * Begins to count.
     *
     * @throws IOException if it is not available; the message says why
     */
    Counting open() throws IOException;
}
