package org.mlhpc.roofline;

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

    /** Of a rate. */
    public String unit() {
        return unit;
    }
}
