package org.mlhpc.api;

/**
 * The quality that ends a run.
 *
 * @param metric log key of the metric, {@code eval_error} or {@code eval_accuracy}
 * @param goal on which side of the threshold the target lies; the threshold itself reaches it
 */
public record Target(String metric, Goal goal, double threshold) {
    /** On which side of the threshold the target lies. */
    public enum Goal {
        AT_MOST,
        AT_LEAST
    }

    /** Whether {@code value} reaches the target; NaN never does. */
    public boolean reachedBy(double value) {
        return goal == Goal.AT_MOST ? value <= threshold : value >= threshold;
    }

    @Override
    public String toString() {
        return metric + (goal == Goal.AT_MOST ? " <= " : " >= ") + threshold;
    }
}
