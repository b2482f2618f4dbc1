package org.mlhpc.roofline.predict;

import java.util.Arrays;

/** A predicted value with its interval. */
public record Estimate(double value, double low, double high) {
    /** The middle part of {@code draws} that holds the share {@code confidence} of them. */
    static Estimate of(double value, double[] draws, double confidence) {
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        double tail = (1 - confidence) / 2 * (sorted.length - 1);
        return new Estimate(value, sorted[(int) Math.floor(tail)], sorted[(int) Math.ceil(sorted.length - 1 - tail)]);
    }
}
