package org.mlhpc.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.mlhpc.rules.Violation.Severity;

/** The breaches of one rule in one log. A rule that is broken in each of a million lines does not need a million entries. */
final class Findings {
    private static final int LISTED = 10;

    private final String rule;
    private final String section;
    private final String file;
    private final List<Violation> listed = new ArrayList<>();
    private long unlisted;
    private boolean error;

    Findings(String rule, String section, String file) {
        this.rule = rule;
        this.section = section;
        this.file = file;
    }

    void add(Severity severity, OptionalLong line, String found, String allowed, String change) {
        error |= severity == Severity.ERROR;
        if (listed.size() < LISTED) {
            listed.add(new Violation(rule, severity, section, file, line, found, allowed, change));
        } else {
            unlisted++;
        }
    }

    boolean hasError() {
        return error;
    }

    /** The first breaches, and one entry that counts the others. */
    List<Violation> violations() {
        if (unlisted == 0) {
            return List.copyOf(listed);
        }
        var all = new ArrayList<>(listed);
        Violation first = listed.get(0);
        all.add(new Violation(
                rule,
                first.severity(),
                section,
                file,
                OptionalLong.empty(),
                "the same in " + unlisted + " more lines",
                first.allowed(),
                first.change()));
        return all;
    }
}
