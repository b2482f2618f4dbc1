package org.mlhpc.rules;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.mlhpc.results.mllog.MalformedLine;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.results.mllog.MlLogLine;
import org.mlhpc.results.mllog.MlLogReader;

/**
 * Checks logs against a ruleset, in one pass and in memory that does not grow with the log. All tables look at all lines,
 * because the line that says which of them apply (the division, the benchmark) may be the last.
 */
public final class LogChecker {
    private final RuleSet rules;
    private final boolean strict;
    private final Set<String> keys;

    /** @param strict whether what the official checker lets pass is an error rather than a warning */
    public LogChecker(RuleSet rules, boolean strict) {
        this.rules = rules;
        this.strict = strict;
        this.keys = keysOf(rules);
    }

    private static Set<String> keysOf(RuleSet rules) {
        var keys = new HashSet<String>();
        for (RuleTable table : rules.tables()) {
            keys.addAll(table.when().keySet());
            table.rules().forEach(rule -> keys.add(rule.key()));
        }
        return Set.copyOf(keys);
    }

    /** Checks the log in {@code file}. */
    public LogVerdict check(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return check(file.toString(), in);
        }
    }

    /**
     * Checks a log; leaves {@code in} open.
     *
     * @param file what violations call the log
     */
    public LogVerdict check(String file, InputStream in) throws IOException {
        return check(file, in, event -> {});
    }

    /** As {@link #check(String, InputStream)}, and shows each event to {@code listener}, so that one pass is enough. */
    public LogVerdict check(String file, InputStream in, Consumer<MlLogEvent> listener) throws IOException {
        var form = new LineForm(file);
        var history = new LogHistory(keys);
        Map<String, List<RuleState>> states = newStates(file);
        // Closing the reader would close the caller's stream.
        @SuppressWarnings("resource")
        var reader = new MlLogReader(in);
        for (Optional<MlLogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
            if (line.get() instanceof MlLogEvent event) {
                form.see(event);
                listener.accept(event);
                states.getOrDefault(event.key(), List.of()).forEach(state -> state.see(event, history));
                history.add(event);
            } else if (line.get() instanceof MalformedLine malformed) {
                form.see(malformed);
            }
        }
        if (history.isEmpty()) {
            form.seeNothing();
            return verdict(file, form.violations());
        }
        List<Violation> violations = new ArrayList<>(form.violations());
        violations.addAll(violations(states, history));
        return verdict(file, violations);
    }

    private LogVerdict verdict(String file, List<Violation> violations) {
        return new LogVerdict(
                file, strict ? violations.stream().map(Violation::asError).toList() : violations);
    }

    private Map<String, List<RuleState>> newStates(String file) {
        var states = new LinkedHashMap<String, List<RuleState>>();
        for (RuleTable table : rules.tables()) {
            for (Rule rule : table.rules()) {
                states.computeIfAbsent(rule.key(), key -> new ArrayList<>()).add(new RuleState(table, rule, file));
            }
        }
        return states;
    }

    /** Within a key the states are in the order of the tables, so that a later table can replace an earlier one. */
    private static List<Violation> violations(Map<String, List<RuleState>> states, LogHistory history) {
        var applies = new HashMap<RuleTable, Boolean>();
        var all = new ArrayList<Violation>();
        for (List<RuleState> ofKey : states.values()) {
            var byAspect = new LinkedHashMap<String, Findings>();
            for (RuleState state : ofKey) {
                if (applies.computeIfAbsent(state.table(), table -> table.applies(history.firstValues()))) {
                    state.finish(history);
                    state.findings().forEach((aspect, found) -> byAspect.merge(aspect, found, LogChecker::stronger));
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
