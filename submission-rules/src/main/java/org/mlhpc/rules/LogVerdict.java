package org.mlhpc.rules;

import java.io.IOException;
import java.nio.file.Path;
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

    /** The verdict about a log that cannot be read. */
    public static LogVerdict unreadable(Path log, IOException reason) {
        String found = reason.getClass().getSimpleName() + ": " + reason.getMessage();
        return new LogVerdict(log.toString(), List.of(LineForm.unreadable(log.toString(), found)));
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
