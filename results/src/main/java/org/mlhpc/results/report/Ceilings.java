package org.mlhpc.results.report;

import java.util.List;
import java.util.Optional;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.Doubt;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.FittedRuns;

/**
 * What the profile of a run is held against.
 *
 * @param machine that the run ran on
 * @param fit what training reaches of its ceilings; empty if nothing was fitted
 */
public record Ceilings(MeasuredMachine machine, Optional<Fit> fit) {
    /**
     * Efficiencies of a workload in a precision.
     *
     * @param doubts what its runs cannot tell
     */
    public record Fit(String workload, String precision, StepModel model, List<Doubt> doubts) {
        public Fit {
            doubts = List.copyOf(doubts);
        }

        /** @throws IllegalArgumentException if it is not of runs of {@code run} in {@code used}; the message says of which */
        public void requireOf(String run, String used) {
            if (!workload.equals(run) || !precision.equals(used)) {
                throw new IllegalArgumentException("the fit is of " + workload + " in " + precision + ", the run of "
                        + run + " in " + used + "; fit runs like it, or give --machine alone");
            }
        }
    }

    /** Ceilings alone. */
    public static Ceilings of(MeasuredMachine machine) {
        return new Ceilings(machine, Optional.empty());
    }

    /** A fit with the ceilings that it was made with. */
    public static Ceilings of(FittedRuns runs) {
        return new Ceilings(
                runs.machine(),
                Optional.of(new Fit(
                        runs.workload(),
                        runs.precision(),
                        runs.fit().model(),
                        runs.fit().doubts())));
    }
}
