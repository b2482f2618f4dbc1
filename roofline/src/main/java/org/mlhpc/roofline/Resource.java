package org.mlhpc.roofline;

import java.util.Locale;

/** What a step of training uses up: arithmetic, the bandwidth of a {@link Channel}, or the threads that load. */
public enum Resource {
    COMPUTE("FLOP/s"),
    MEMORY("B/s"),
    STORAGE("B/s"),
    NETWORK("B/s"),
    /** Threads that read and decode samples. Their work is known in seconds, so it has neither ceiling nor efficiency. */
    LOADER("threads");

    private final String unit;

    Resource(String unit) {
        this.unit = unit;
    }

    /** Of a rate. */
    public String unit() {
        return unit;
    }

    /** Whether training reaches a share of a ceiling that has to be found out. */
    public boolean hasEfficiency() {
        return this != LOADER;
    }

    /** {@code memory}, as files, texts and tables have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
