package org.mlhpc.results.report;

import java.util.Optional;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.FittedRuns;

/**
 * What the profile of a run is held against.
 *
 * @param machine that the run ran on
 * @param fit what training reaches of its ceilings; empty if nothing was fitted
 */
public record Ceilings(MeasuredMachine machine, Optional<Fit> fit) {
    /** Efficiencies of a workload in a precision. */
    public record Fit(String workload, String precision, StepModel model) {}

    /** Ceilings alone. */
    public static Ceilings of(MeasuredMachine machine) {
        return new Ceilings(machine, Optional.empty());
    }

    /** A fit with the ceilings that it was made with. */
    public static Ceilings of(FittedRuns runs) {
        return new Ceilings(
                runs.machine(),
                Optional.of(
                        new Fit(runs.workload(), runs.precision(), runs.fit().model())));
    }
}
