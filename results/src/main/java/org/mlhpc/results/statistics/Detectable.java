package org.mlhpc.results.statistics;

import java.util.OptionalInt;

/**
 * Which differences repeated runs can show, and how many runs show a difference: two-sided, with as many runs of the same spread
 * on the other side. Derived in docs/metrics.md.
 */
public final class Detectable {
    private static final int MOST_RUNS = 10_000;

    private final double confidence;
    private final double power;

    /**
     * A wish for certainty.
     *
     * @param confidence one minus the probability of seeing a difference where there is none
     * @param power the probability of seeing the difference that there is
     */
    public Detectable(double confidence, double power) {
        this.confidence = confidence;
        this.power = power;
    }

    /**
     * The smallest ratio of means, above 1, that is found with the wanted power.
     *
     * @param logDeviation standard deviation of the logarithms of a run's time
     * @param runs on each side, at least 2
     */
    public double smallestRatio(double logDeviation, int runs) {
        // The mean of Welch's degrees of freedom at equal spreads.
        double degrees = 2.0 * runs * (runs - 1) / (runs + 1);
        double errors = StudentT.quantile((1 + confidence) / 2, degrees) + StudentT.quantile(power, degrees);
        return Math.exp(errors * logDeviation * Math.sqrt(2.0 / runs));
    }

    /**
     * The fewest runs on each side that find a ratio of means.
     *
     * @param ratio above 1
     * @return empty if 10,000 are not enough
     */
    public OptionalInt runsNeeded(double logDeviation, double ratio) {
        if (!(ratio > 1)) {
            throw new IllegalArgumentException("a wanted ratio of means is above 1, not " + ratio);
        }
        if (smallestRatio(logDeviation, MOST_RUNS) > ratio) {
            return OptionalInt.empty();
        }
        int tooFew = 1;
        int enough = MOST_RUNS;
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) / 2;
            if (smallestRatio(logDeviation, middle) <= ratio) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return OptionalInt.of(enough);
    }
}
