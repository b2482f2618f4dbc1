package org.mlhpc.rules.tree;

import java.util.List;
import java.util.OptionalDouble;
import org.mlhpc.results.tree.ResultSet;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.Violation;

/**
 * What the checker says about a set of runs.
 *
 * @param logs verdict of each log; one may fail
 * @param pruned verdict of each pruned log, which does not count
 * @param violations of the set as a whole
 * @param score minutes or models per minute, by the official rule and with the factor; empty if there is none
 * @param factor of scaling.json; 1 without it
 * @param expectedFactor what the review will multiply the score with, because the runs converged faster than the reference;
 *     empty where there is nothing to compare with
 */
public record SetVerdict(
        ResultSet set,
        List<LogVerdict> logs,
        List<LogVerdict> pruned,
        List<Violation> violations,
        OptionalDouble score,
        double factor,
        OptionalDouble expectedFactor) {
    public SetVerdict {
        logs = List.copyOf(logs);
        pruned = List.copyOf(pruned);
        violations = List.copyOf(violations);
    }

    /** Whether the set can be submitted. */
    public boolean passed() {
        return violations.stream().noneMatch(violation -> violation.severity() == Violation.Severity.ERROR);
    }
}
