package org.mlhpc.roofline.ceilings;

/** What a ceiling is of, which says the unit of its rate. */
public enum Resource {
    COMPUTE("FLOP/s"),
    MEMORY("B/s"),
    STORAGE("B/s"),
    NETWORK("B/s");

    private final String unit;

    Resource(String unit) {
        this.unit = unit;
    }

    /** Of a rate, except where {@link MeasuredCeiling#unit()} says otherwise. */
    public String unit() {
        return unit;
    }
}
