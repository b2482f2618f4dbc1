package org.mlhpc.results.statistics;

/** A range of values; its ends may be infinite. */
public record Interval(double low, double high) {
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** The range of its values multiplied by {@code factor}, which is positive. */
    public Interval times(double factor) {
        return new Interval(low * factor, high * factor);
    }
}
