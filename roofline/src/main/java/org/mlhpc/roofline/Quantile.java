package org.mlhpc.roofline;

import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/** Quantiles by linear interpolation between the sorted values (definition 7 of Hyndman and Fan, 1996). */
public final class Quantile {
    private Quantile() {}

    /**
     * The value that the share {@code share} of {@code values} does not exceed.
     *
     * @param share from 0 to 1
     * @throws IllegalArgumentException if there is no value
     */
    public static double of(double[] values, double share) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        var percentile = new Percentile().withEstimationType(EstimationType.R_7);
        percentile.setData(values);
        // The library takes percentages above 0 only; by this one, of n values, it is (n - 1) 1e-11 of the way from the
        // least value to the second least.
        return percentile.evaluate(Math.max(100 * share, 1e-9));
    }

    /** The ends of the middle part of {@code values} that holds the share {@code confidence} of them. */
    public static double[] middle(double[] values, double confidence) {
        double tail = (1 - confidence) / 2;
        return new double[] {of(values, tail), of(values, 1 - tail)};
    }
}
