package org.mlhpc.rules;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mlhpc.results.mllog.MalformedLine;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.results.mllog.MlLogLine;

/**
 * The check of one log, line by line: of a finished one, or of one that is being written. All tables look at all lines,
 * because the line that says which of them apply (the division, the benchmark) may be the last.
 */
public final class LogCheck {
    private final String file;
    private final boolean strict;
    private final LineForm form;
    private final LogHistory history;
    private final Map<String, List<RuleState>> states = new LinkedHashMap<>();

    LogCheck(RuleSet rules, Set<String> keys, boolean strict, String file) {
        this.file = file;
        this.strict = strict;
        this.form = new LineForm(file);
        this.history = new LogHistory(keys);
        for (RuleTable table : rules.tables()) {
            for (Rule rule : table.rules()) {
                states.computeIfAbsent(rule.key(), key -> new ArrayList<>()).add(new RuleState(table, rule, file));
            }
        }
    }

    /** Takes the next line. */
    public void see(MlLogLine line) {
        if (line instanceof MlLogEvent event) {
            form.see(event);
            states.getOrDefault(event.key(), List.of()).forEach(state -> state.see(event, history));
            history.add(event);
        } else if (line instanceof MalformedLine malformed) {
            form.see(malformed);
        }
    }

    /** What is wrong already and cannot be mended by later lines, by the tables that are known to apply. */
    public List<Violation> soFar() {
        var violations = new ArrayList<>(form.violations());
        violations.addAll(ofTables(false));
        return asAsked(violations);
    }

    /**
     * What a log says of a run before its first epoch, such as its division and its hyperparameters, and this one does not
     * say yet.
     */
    public List<Violation> missing() {
        var missing = new ArrayList<Violation>();
        for (List<RuleState> ofKey : states.values()) {
            // A later table replaces an earlier one.
            var found = new LinkedHashMap<String, Violation>();
            for (RuleState state : ofKey) {
                if (state.rule().isSetting() && applies(state)) {
                    state.missing(history)
                            .ifPresent(violation -> found.merge(state.rule().key(), violation, (a, b) -> b));
                }
            }
            missing.addAll(found.values());
        }
        return asAsked(missing);
    }

    /** The verdict about the whole log. To be called once, after the last line. */
    public LogVerdict verdict() {
        if (history.isEmpty()) {
            form.seeNothing();
            return new LogVerdict(file, asAsked(form.violations()));
        }
        List<Violation> violations = new ArrayList<>(form.violations());
        violations.addAll(ofTables(true));
        return new LogVerdict(file, asAsked(violations));
    }

    private List<Violation> asAsked(List<Violation> violations) {
        return strict ? violations.stream().map(Violation::asError).toList() : List.copyOf(violations);
    }

    private boolean applies(RuleState state) {
        return state.table().applies(history.firstValues());
    }

    /** Within a key the states are in the order of the tables, so that a later table can replace an earlier one. */
    private List<Violation> ofTables(boolean atEnd) {
        // By identity: the hash of a table is that of all its rows.
        var applying = new IdentityHashMap<RuleTable, Boolean>();
        var all = new ArrayList<Violation>();
        for (List<RuleState> ofKey : states.values()) {
            var byAspect = new LinkedHashMap<String, Findings>();
            for (RuleState state : ofKey) {
                if (applying.computeIfAbsent(state.table(), table -> applies(state))) {
                    if (atEnd) {
                        state.finish(history);
                    }
                    state.findings().forEach((aspect, found) -> byAspect.merge(aspect, found, LogCheck::stronger));
                }
            }
            byAspect.values().forEach(found -> all.addAll(found.violations()));
        }
        return all;
    }

    private static Findings stronger(Findings earlier, Findings later) {
        return earlier.hasError() && !later.hasError() ? earlier : later;
    }
}
