package org.mlhpc.rules.tree;

import java.util.List;
import org.mlhpc.rules.Violation;

/**
 * What the checker says about a submission.
 *
 * @param sets verdict of each set of runs
 * @param violations of folders and system descriptions
 */
public record TreeVerdict(List<SetVerdict> sets, List<Violation> violations) {
    public TreeVerdict {
        sets = List.copyOf(sets);
        violations = List.copyOf(violations);
    }

    /** Whether the whole submission passes. */
    public boolean passed() {
        return violations.stream().noneMatch(violation -> violation.severity() == Violation.Severity.ERROR)
                && sets.stream().allMatch(SetVerdict::passed);
    }
}
