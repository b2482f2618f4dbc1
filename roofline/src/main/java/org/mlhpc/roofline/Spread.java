package org.mlhpc.roofline;

import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * How repeated measurements of one quantity lie.
 *
 * @param lowerQuartile a quarter of the measurements is below
 * @param upperQuartile a quarter of the measurements is above
 * @param count number of measurements
 */
public record Spread(double median, double lowerQuartile, double upperQuartile, int count) {
    /**
     * Quantiles by linear interpolation between the sorted values (definition 7 of Hyndman and Fan, 1996).
     *
     * @throws IllegalArgumentException if there is no value
     */
    public static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        var quantile = new Percentile().withEstimationType(EstimationType.R_7);
        quantile.setData(values);
        return new Spread(quantile.evaluate(50), quantile.evaluate(25), quantile.evaluate(75), values.length);
    }
}
