package org.mlhpc.roofline.predict;

import java.util.Collection;

/** From the least to the most of what runs had of something; neither is negative. */
public record Span(double least, double most) {
    public Span {
        if (!(least >= 0 && least <= most) || Double.isInfinite(most)) {
            throw new IllegalArgumentException("no span: from " + least + " to " + most);
        }
    }

    /** @throws IllegalArgumentException if there is no value */
    public static Span of(Collection<Double> values) {
        var all = values.stream().mapToDouble(Double::doubleValue).summaryStatistics();
        return new Span(all.getMin(), all.getMax());
    }

    /** By which factor {@code value} lies outside; 1 inside. */
    public double outside(double value) {
        if (value > most) {
            return value / most;
        }
        return value < least ? least / value : 1;
    }
}
