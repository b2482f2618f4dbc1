package org.mlhpc.roofline.predict;

import org.mlhpc.roofline.Quantile;

/** A predicted value with its interval. */
public record Estimate(double value, double low, double high) {
    /** The middle part of {@code draws} that holds the share {@code confidence} of them. */
    static Estimate of(double value, double[] draws, double confidence) {
        double[] middle = Quantile.middle(draws, confidence);
        return new Estimate(value, middle[0], middle[1]);
    }
}
