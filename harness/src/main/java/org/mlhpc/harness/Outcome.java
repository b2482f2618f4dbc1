package org.mlhpc.harness;

/** How a run ended. A failure is an exception, not an outcome. */
public sealed interface Outcome {
    /** Epochs begun. */
    int epochs();

    /** The last quality; NaN if there was no evaluation. */
    double quality();

    /** The value of {@code status} in the log. */
    String status();

    /** The target was reached. */
    record Converged(int epochs, double quality) implements Outcome {
        @Override
        public String status() {
            return "success";
        }
    }

    /** The run ended before it reached its target. */
    record Missed(int epochs, double quality) implements Outcome {
        @Override
        public String status() {
            return "aborted";
        }
    }
}
