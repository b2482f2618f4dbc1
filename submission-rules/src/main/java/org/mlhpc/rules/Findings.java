package org.mlhpc.rules;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.mlhpc.rules.Violation.Severity;

/** The breaches of one rule in one log. A rule that is broken in each of a million lines does not need a million entries. */
final class Findings {
    private static final int LISTED = 10;

    private final String rule;
    private final String section;
    private final String file;
    /** By severity, so that warnings before it cannot hide an error. */
    private final Map<Severity, Listed> listed = new EnumMap<>(Severity.class);

    /** The first of a severity, and the number of those after them. */
    private static final class Listed {
        private final List<Violation> first = new ArrayList<>();
        private long more;
    }

    Findings(String rule, String section, String file) {
        this.rule = rule;
        this.section = section;
        this.file = file;
    }

    void add(Severity severity, OptionalLong line, String found, String allowed, String change) {
        Listed list = listed.computeIfAbsent(severity, s -> new Listed());
        if (list.first.size() < LISTED) {
            list.first.add(new Violation(rule, severity, section, file, line, found, allowed, change));
        } else {
            list.more++;
        }
    }

    boolean hasError() {
        return listed.containsKey(Severity.ERROR);
    }

    /** The first breaches of each severity, each time with one entry that counts the others. */
    List<Violation> violations() {
        var all = new ArrayList<Violation>();
        listed.values().forEach(list -> {
            all.addAll(list.first);
            if (list.more > 0) {
                all.add(others(list));
            }
        });
        return all;
    }

    private Violation others(Listed list) {
        Violation first = list.first.get(0);
        String found = "the same in " + list.more + (list.more == 1 ? " more line" : " more lines");
        return new Violation(
                rule, first.severity(), section, file, OptionalLong.empty(), found, first.allowed(), first.change());
    }
}
