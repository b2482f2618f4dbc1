package org.mlhpc.roofline;

import java.util.Locale;

/** What a step of training uses up: arithmetic, or the bandwidth of a {@link Channel}. */
public enum Resource {
    COMPUTE("FLOP/s"),
    MEMORY("B/s"),
    STORAGE("B/s"),
    NETWORK("B/s");

    private final String unit;

    Resource(String unit) {
        this.unit = unit;
    }

    /** {@code memory}, as files and messages have it. */
    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of a rate. */
    public String unit() {
        return unit;
    }
}
