package org.mlhpc.results.statistics;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.StatUtils;

/** Confidence intervals of a mean, each for two-sided {@code confidence} in (0, 1). Derived in docs/metrics.md. */
public final class MeanInterval {
    private static final int RESAMPLES = 1999;
    private static final long SEED = 20211101;

    private MeanInterval() {}

    /** Student's. Empty for a sample without known spread. */
    public static Optional<Interval> student(Sample sample, double confidence) {
        if (!sample.repeated()) {
            return Optional.empty();
        }
        double half = quantile(sample, confidence) * sample.deviation() / Math.sqrt(sample.size());
        return Optional.of(new Interval(sample.mean() - half, sample.mean() + half));
    }

    /**
     * Cox's with Student's quantile, for log-normal measurements (Olsson, "Confidence intervals for the mean of a log-normal
     * distribution", Journal of Statistics Education 13(1), 2005). Empty for a sample without known spread.
     */
    public static Optional<Interval> logNormal(Sample sample, double confidence) {
        if (!sample.repeated()) {
            return Optional.empty();
        }
        double half = quantile(sample, confidence) * Math.sqrt(LogMean.squaredError(sample));
        double centre = LogMean.estimate(sample);
        return Optional.of(new Interval(Math.exp(centre - half), Math.exp(centre + half)));
    }

    /**
     * The studentised bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 12.5), with a fixed
     * seed. Empty if fewer than four values are known or all are equal.
     */
    public static Optional<Interval> bootstrap(Sample sample, double confidence) {
        double[] values = sample.toArray();
        if (values.length < 4 || sample.deviation() == 0) {
            return Optional.empty();
        }
        double[] studentised = studentised(values, sample.mean());
        double error = sample.deviation() / Math.sqrt(values.length);
        double tail = 50 * (1 - confidence);
        return Optional.of(new Interval(
                sample.mean() - StatUtils.percentile(studentised, 100 - tail) * error,
                sample.mean() - StatUtils.percentile(studentised, tail) * error));
    }

    /** Resamples whose values are all equal have no error to divide by, and are left out. */
    private static double[] studentised(double[] values, double mean) {
        RandomGenerator random = new Well19937c(SEED);
        double[] resample = new double[values.length];
        double[] studentised = new double[RESAMPLES];
        int kept = 0;
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.setAll(resample, place -> values[random.nextInt(values.length)]);
            double error = Math.sqrt(StatUtils.variance(resample) / values.length);
            if (error > 0) {
                studentised[kept++] = (StatUtils.mean(resample) - mean) / error;
            }
        }
        return Arrays.copyOf(studentised, kept);
    }

    private static double quantile(Sample sample, double confidence) {
        return StudentT.quantile((1 + confidence) / 2, sample.size() - 1);
    }
}
