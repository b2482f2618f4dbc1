package org.mlhpc.rules.tree;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.RunResultReader;
import org.mlhpc.results.Score;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.results.tree.ResultSet;
import org.mlhpc.results.tree.SubmissionTree;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.Violation.Severity;

/**
 * Checks a whole submission: folders, system descriptions, number of runs, logs, seeds, convergence; and computes the scores.
 * Only reads.
 */
public final class SubmissionChecker {
    private static final String STRUCTURE = "submission_rules: Directory structure";

    private final RuleSet rules;
    private final LogChecker logChecker;
    private final boolean strict;
    private final Requirements requirements = Requirements.load();

    /** @param strict whether what the official checkers let pass is an error rather than a warning */
    public SubmissionChecker(RuleSet rules, boolean strict) {
        this.rules = rules;
        this.strict = strict;
        this.logChecker = new LogChecker(rules, strict);
    }

    /** Number of runs that a submission of a benchmark needs; empty for an unknown benchmark. */
    public static OptionalInt runs(String benchmark) {
        Integer runs = Requirements.load().runs().get(benchmark);
        return runs == null ? OptionalInt.empty() : OptionalInt.of(runs);
    }

    /** Names of the fields that a system description needs, in their usual order. */
    public static List<String> systemFields() {
        return Requirements.load().systemFields().stream()
                .map(Requirements.SystemField::name)
                .toList();
    }

    /** Checks the organisation at {@code path}, or those in it. */
    public TreeVerdict check(Path path) throws IOException {
        SubmissionTree tree = SubmissionTree.read(path, !isFirstRound());
        var violations = new ArrayList<Violation>();
        tree.strayFolders().forEach(folder -> violations.add(neitherStrongNorWeak(folder)));
        Map<Path, String> divisions = new HashMap<>();
        for (Path file : tree.systemFiles()) {
            SystemDescription system = SystemDescription.check(file, requirements);
            divisions.put(file, system.division().orElse(""));
            if (!isFirstRound()) {
                violations.addAll(system.violations());
            }
        }
        var sets = new ArrayList<SetVerdict>();
        for (ResultSet set : tree.sets()) {
            Integer runs = requirements.runs().get(set.benchmark());
            if (runs == null) {
                violations.add(new SetViolations(set.folder())
                        .of(
                                "tree/benchmark",
                                Severity.WARNING,
                                STRUCTURE,
                                "folder " + set.benchmark(),
                                String.join(
                                        ", ", new TreeSet<>(requirements.runs().keySet())),
                                "rename or remove the folder; it is not looked at"));
            } else {
                sets.add(check(set, divisions.get(set.systemFile()), runs));
            }
        }
        return new TreeVerdict(sets, asAsked(violations));
    }

    private static Violation neitherStrongNorWeak(Path folder) {
        return new SetViolations(folder)
                .of(
                        "tree/metric",
                        Severity.ERROR,
                        STRUCTURE,
                        "folder " + folder.getFileName(),
                        "strong or weak",
                        "move the benchmark folders into strong (time to train) or weak (throughput)");
    }

    private boolean isFirstRound() {
        return rules.name().startsWith("0.");
    }

    private List<Violation> asAsked(List<Violation> violations) {
        return strict ? violations.stream().map(Violation::asError).toList() : violations;
    }

    private SetVerdict check(ResultSet set, @Nullable String division, int runs) throws IOException {
        List<Checked> checked = checkLogs(set.logs());
        List<LogVerdict> verdicts = checked.stream().map(Checked::verdict).toList();
        List<Score.Judged> judged = checked.stream()
                .map(log -> new Score.Judged(log.run(), log.verdict().passed()))
                .toList();
        var found = new SetViolations(set.folder());
        found.checkCount(set, runs);
        found.checkFailing(verdicts);
        if (!isFirstRound()) {
            found.checkSystem(set, division);
            if ("closed".equals(division)) {
                found.checkSeeds(judged);
                found.checkConvergence(
                        judged, ReferenceConvergence.of(set.benchmark(), rules.name(), runs), set.scalingFile());
            }
        }
        double factor = found.readFactor(set.scalingFile());
        return new SetVerdict(set, verdicts, asAsked(found.violations()), score(set, judged, runs, factor), factor);
    }

    private record Checked(LogVerdict verdict, RunResult run) {}

    /** On all cores, in the order of {@code logs}. */
    private List<Checked> checkLogs(List<Path> logs) throws IOException {
        try {
            return logs.parallelStream().map(this::checkLog).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Checked checkLog(Path log) {
        var reader = new RunResultReader(log.toString());
        try (InputStream in = Files.newInputStream(log, LinkOption.NOFOLLOW_LINKS)) {
            LogVerdict verdict = logChecker.check(log.toString(), in, reader);
            return new Checked(verdict, reader.result());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log + ": " + e.getMessage(), e);
        }
    }

    private static OptionalDouble score(ResultSet set, List<Score.Judged> runs, int wanted, double factor) {
        if (set.metric() == Metric.TIME_TO_TRAIN) {
            OptionalDouble minutes = Score.minutesToTrain(runs);
            return minutes.isPresent() ? OptionalDouble.of(minutes.getAsDouble() * factor) : minutes;
        }
        Score.Throughput throughput = Score.Throughput.of(runs);
        return throughput.models() < wanted
                ? OptionalDouble.empty()
                : OptionalDouble.of(throughput.modelsPerMinute() / factor);
    }
}
