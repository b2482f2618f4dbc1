package org.mlhpc.rules.tree;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.Violation.Severity;

/** Gathers what is wrong with one file or folder. */
final class ViolationList {
    private final String file;
    private final List<Violation> violations = new ArrayList<>();

    ViolationList(Path file) {
        this.file = file.toString();
    }

    void error(String rule, String section, String found, String allowed, String change) {
        add(rule, Severity.ERROR, section, OptionalLong.empty(), found, allowed, change);
    }

    void warn(String rule, String section, String found, String allowed, String change) {
        add(rule, Severity.WARNING, section, OptionalLong.empty(), found, allowed, change);
    }

    void add(
            String rule,
            Severity severity,
            String section,
            OptionalLong line,
            String found,
            String allowed,
            String change) {
        violations.add(new Violation(rule, severity, section, file, line, found, allowed, change));
    }

    List<Violation> all() {
        return List.copyOf(violations);
    }
}
