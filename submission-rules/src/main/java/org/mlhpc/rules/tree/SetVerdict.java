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
 * @param violations of the set as a whole
 * @param score minutes or models per minute, by the official rule and with the factor; empty if there is none
 * @param factor of scaling.json; 1 without it
 */
public record SetVerdict(
        ResultSet set, List<LogVerdict> logs, List<Violation> violations, OptionalDouble score, double factor) {
    public SetVerdict {
        logs = List.copyOf(logs);
        violations = List.copyOf(violations);
    }

    /** Whether the set can be submitted. */
    public boolean passed() {
        return violations.stream().noneMatch(violation -> violation.severity() == Violation.Severity.ERROR);
    }
}
