package org.mlhpc.results.statistics;

import java.util.Optional;

/**
 * How many times larger the mean of one quantity is than that of another, when both are log-normal with spreads of their own.
 * Cox's estimates of the two logarithmic means are compared with Welch's degrees of freedom, rounded down as tables of
 * Student's distribution have them (Zhou, Gao and Hui, "Methods for comparing the means of two independent log-normal samples",
 * Biometrics 53, 1997). Why, and how often it errs: docs/metrics.md.
 *
 * @param ratio mean of the second sample by that of the first
 * @param interval of the ratio
 * @param verdict what the interval says
 */
public record RatioOfMeans(double ratio, Interval interval, Verdict verdict) {
    /** Of the second sample against the first. */
    public enum Verdict {
        SMALLER,
        LARGER,
        CANNOT_TELL
    }

    /**
     * Compares two samples.
     *
     * @param confidence in (0, 1)
     * @return empty if a sample has no known spread
     */
    public static Optional<RatioOfMeans> of(Sample first, Sample second, double confidence) {
        if (!first.repeated() || !second.repeated()) {
            return Optional.empty();
        }
        double difference = LogMean.estimate(second) - LogMean.estimate(first);
        double a = LogMean.squaredError(first);
        double b = LogMean.squaredError(second);
        double half = a + b > 0
                ? StudentT.quantile((1 + confidence) / 2, degrees(a, first.size(), b, second.size())) * Math.sqrt(a + b)
                : 0;
        var interval = new Interval(Math.exp(difference - half), Math.exp(difference + half));
        return Optional.of(new RatioOfMeans(second.mean() / first.mean(), interval, verdict(interval)));
    }

    private static double degrees(double a, int sizeA, double b, int sizeB) {
        double welch = (a + b) * (a + b) / (a * a / (sizeA - 1) + b * b / (sizeB - 1));
        // A whole number must not be rounded down to the one below it.
        return Math.max(1, Math.floor(welch + 1e-9));
    }

    private static Verdict verdict(Interval interval) {
        if (interval.high() < 1) {
            return Verdict.SMALLER;
        }
        return interval.low() > 1 ? Verdict.LARGER : Verdict.CANNOT_TELL;
    }
}
