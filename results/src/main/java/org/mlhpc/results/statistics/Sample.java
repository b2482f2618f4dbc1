package org.mlhpc.results.statistics;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Repeated measurements of a positive quantity, or as much as was published of them.
 *
 * @param size number of measurements, at least 1
 * @param mean arithmetic mean
 * @param deviation standard deviation with the divisor size - 1; NaN if there is one measurement or it was not published
 * @param values the measurements; empty if they were not published
 */
public record Sample(int size, double mean, double deviation, List<Double> values) {
    public Sample {
        if (size < 1 || !(mean > 0) || Double.isInfinite(mean) || deviation < 0) {
            throw new IllegalArgumentException(
                    "no sample of a positive quantity: size " + size + ", mean " + mean + ", deviation " + deviation);
        }
        values = List.copyOf(values);
    }

    /** @throws IllegalArgumentException for no value, or a value that is not positive */
    public static Sample of(double... values) {
        if (Arrays.stream(values).anyMatch(value -> !(value > 0))) {
            throw new IllegalArgumentException("no positive quantity: " + Arrays.toString(values));
        }
        return new Sample(
                values.length,
                StatUtils.mean(values),
                values.length > 1 ? Math.sqrt(StatUtils.variance(values)) : Double.NaN,
                Arrays.stream(values).boxed().toList());
    }

    /** Of which only moments are known. */
    public static Sample ofMoments(int size, double mean, double deviation) {
        return new Sample(size, mean, size > 1 ? deviation : Double.NaN, List.of());
    }

    /** Whether the spread is known. */
    public boolean repeated() {
        return !Double.isNaN(deviation);
    }

    /** Standard deviation by mean. */
    public double variation() {
        return deviation / mean;
    }

    /** The sample of all values multiplied by {@code factor}, which is positive. */
    public Sample times(double factor) {
        return new Sample(
                size,
                mean * factor,
                deviation * factor,
                values.stream().map(value -> value * factor).toList());
    }

    /** Mean of the logarithms; of a sample whose values are not known, that of a log-normal one with its moments. */
    public double logMean() {
        return values.isEmpty() ? Math.log(mean) - (repeated() ? logVariance() / 2 : 0) : StatUtils.mean(logarithms());
    }

    /** Variance of the logarithms with the divisor size - 1; from the moments as {@link #logMean()}; NaN if not known. */
    public double logVariance() {
        if (!repeated()) {
            return Double.NaN;
        }
        return values.isEmpty() ? Math.log1p(variation() * variation()) : StatUtils.variance(logarithms());
    }

    private double[] logarithms() {
        return values.stream().mapToDouble(Math::log).toArray();
    }

    double[] toArray() {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
