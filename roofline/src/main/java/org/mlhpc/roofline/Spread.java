package org.mlhpc.roofline;

/**
 * How repeated measurements of one quantity lie.
 *
 * @param lowerQuartile a quarter of the measurements is below
 * @param upperQuartile a quarter of the measurements is above
 * @param count number of measurements
 */
public record Spread(double median, double lowerQuartile, double upperQuartile, int count) {
    /**
     * Median and quartiles by {@link Quantile}.
     *
     * @throws IllegalArgumentException if there is no value
     */
    public static Spread of(double... values) {
        return new Spread(
                Quantile.of(values, 0.5), Quantile.of(values, 0.25), Quantile.of(values, 0.75), values.length);
    }
}
