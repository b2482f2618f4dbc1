package org.mlhpc.results.statistics;

/** The logarithm of the mean of log-normal measurements, estimated from mean and variance of their logarithms (Cox). */
final class LogMean {
    private LogMean() {}

    static double estimate(Sample sample) {
        return sample.logMean() + sample.logVariance() / 2;
    }

    /** Squared standard error of the estimate. */
    static double squaredError(Sample sample) {
        double variance = sample.logVariance();
        return variance / sample.size() + variance * variance / (2.0 * (sample.size() - 1));
    }
}
