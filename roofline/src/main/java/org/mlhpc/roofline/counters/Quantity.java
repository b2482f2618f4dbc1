package org.mlhpc.roofline.counters;

import java.util.Locale;

/** What a counter counts. */
public enum Quantity {
    /** Bytes between processor and main memory. */
    MEMORY("bytes"),
    /** Bytes that storage devices read and write. */
    STORAGE("bytes"),
    /** Bytes sent and received. */
    NETWORK("bytes"),
    /** Floating-point operations, two per multiply-add. */
    FLOP("FLOP"),
    ENERGY("J");

    private final String unit;

    Quantity(String unit) {
        this.unit = unit;
    }

    /** Unit of amounts. */
    public String unit() {
        return unit;
    }

    /** {@code memory}, as files, texts and tables have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
