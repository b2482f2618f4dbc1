package org.mlhpc.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.api.Communicator;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.results.mllog.MlLogLine;
import org.mlhpc.results.mllog.MlLogReader;
import org.mlhpc.rules.LogCheck;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.Violation.Severity;

/**
 * Holds the log of a run to the rules while it is written, with the checker that judges finished logs. A workload that the
 * ruleset does not know is held to nothing.
 */
public final class Compliance {
    private final RunPlan plan;
    private final RuleSet rules;
    private final boolean known;
    private final LogCheck check;
    private long lines;

    Compliance(RunPlan plan) {
        this.plan = plan;
        this.rules = RuleSet.of(plan.submission().ruleset());
        this.known = rules.hasBenchmark(plan.workload().name());
        this.check = new LogChecker(rules, false).begin(plan.files().log().toString());
    }

    /**
     * Refuses a run of which the command line alone says that it could not be submitted, before data are made or copied.
     *
     * @throws RefusedByAll if the closed division is asked for and not possible, or a setting does not suit the ranks
     * @throws RulesBroken if a field or a hyperparameter is not allowed
     */
    public static void requirePossible(RunPlan plan, int ranks) {
        plan.submission().requireNotClosed(plan.unclosed());
        var compliance = new Compliance(plan);
        var values = new LinkedHashMap<String, Object>(plan.submissionFields());
        values.putAll(hyperparameters(plan, ranks));
        values.forEach(compliance::seeValue);
        List<Violation> errors = compliance.errors(compliance.check.soFar().stream());
        if (!errors.isEmpty()) {
            throw new RulesBroken(compliance.rules.name(), errors);
        }
    }

    private static Map<String, Object> hyperparameters(RunPlan plan, int ranks) {
        try {
            return plan.workload().loggedHyperparameters(plan.settings(), ranks);
        } catch (IllegalArgumentException e) {
            throw new RefusedByAll(e);
        }
    }

    private void seeValue(String key, Object value) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("namespace", "").put("event_type", "POINT_IN_TIME").put("key", key);
        event.set("value", JsonMapper.builder().build().valueToTree(value));
        check.see(new MlLogEvent(++lines, 0, event));
    }

    /** Takes what a resumed run has written before: the first {@code bytes} of {@code log}. */
    void seeBeginning(Path log, long bytes) throws IOException {
        try (InputStream in = Files.newInputStream(log);
                var reader = new MlLogReader(new ByteArrayInputStream(in.readNBytes(Math.toIntExact(bytes))))) {
            for (Optional<MlLogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines = line.get().line();
                check.see(line.get());
            }
        }
    }

    /** Takes the JSON of the next line. */
    void see(String json) {
        check.see(MlLogReader.parse(++lines, json));
    }

    /**
     * Ends a run whose log is broken already. Collective: rank 0, which writes the log, decides for all.
     *
     * @param complete whether everything that belongs before the first epoch has been logged
     * @throws RulesBroken on all ranks
     */
    void requireSound(Communicator world, boolean complete) {
        List<Violation> errors = List.of();
        if (world.rank() == 0) {
            Stream<Violation> missing = complete ? check.missing().stream() : Stream.of();
            errors = errors(Stream.concat(check.soFar().stream(), missing));
        }
        if (world.max(errors.isEmpty() ? 0 : 1) > 0) {
            throw new RulesBroken(rules.name(), errors);
        }
    }

    private List<Violation> errors(Stream<Violation> violations) {
        return violations
                .filter(violation -> known && violation.severity() == Severity.ERROR)
                .toList();
    }

    /** For somebody who means to submit: what the official checker lets pass, but a submission should not have. */
    Optional<String> warning() {
        List<Violation> warnings = Stream.concat(check.soFar().stream(), check.missing().stream())
                .filter(violation -> violation.severity() == Severity.WARNING)
                .toList();
        return known && plan.submission().isMeant() && !warnings.isEmpty()
                ? Optional.of("before you submit: " + rulesOf(warnings) + "; ./mlhpc check says what to change")
                : Optional.empty();
    }

    /** What the finished log breaks, in a line. To be called once. */
    Optional<String> failure() {
        LogVerdict verdict = check.verdict();
        return known && !verdict.passed()
                ? Optional.of(
                        "the log fails ruleset " + rules.name() + ": " + rulesOf(errors(verdict.violations().stream())))
                : Optional.empty();
    }

    private static String rulesOf(List<Violation> violations) {
        return violations.stream().map(Violation::rule).distinct().collect(Collectors.joining(", "));
    }
}
