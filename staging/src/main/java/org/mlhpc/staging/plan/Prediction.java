package org.mlhpc.staging.plan;

import java.util.Optional;

/**
 * What a strategy would cost.
 *
 * @param seconds empty if the rates are not known
 * @param obstacle why it cannot be used; empty if it can
 * @param lacksRoom whether more room would help
 */
public record Prediction(Strategy strategy, Optional<Seconds> seconds, String obstacle, boolean lacksRoom) {
    /**
     * Predicted times.
     *
     * @param staging until every rank can read the data
     * @param reading what reading the data takes at least in all epochs together
     */
    public record Seconds(double staging, double reading) {
        public double total() {
            return staging + reading;
        }
    }

    public boolean isPossible() {
        return obstacle.isEmpty();
    }
}
