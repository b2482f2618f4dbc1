package org.mlhpc.results.statistics;

import org.apache.commons.math3.distribution.TDistribution;

/** Student's t distribution. */
public final class StudentT {
    private StudentT() {}

    /**
     * The value that a t-distributed variable stays below with {@code probability}.
     *
     * @param probability in (0, 1)
     * @param degreesOfFreedom positive
     */
    public static double quantile(double probability, double degreesOfFreedom) {
        return new TDistribution(degreesOfFreedom).inverseCumulativeProbability(probability);
    }
}
