package org.mlhpc.rules;

import java.util.List;

/**
 * What the checker says about one log.
 *
 * @param file the log
 * @param violations errors and warnings, in the order of the rule tables
 */
public record LogVerdict(String file, List<Violation> violations) {
    public LogVerdict {
        violations = List.copyOf(violations);
    }

    /** Whether there is no error. */
    public boolean passed() {
        return count(Violation.Severity.ERROR) == 0;
    }

    /** How many violations are of this severity. */
    public long count(Violation.Severity severity) {
        return violations.stream()
                .filter(violation -> violation.severity() == severity)
                .count();
    }
}
