package org.mlhpc.rules.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
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

/**
 * Checks a whole submission: folders, system descriptions, number of runs, logs, seeds, convergence; and computes the scores.
 * Only reads.
 */
public final class SubmissionChecker {

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

    /** Checks the organisation at {@code path}, those in it, or the benchmark folder of one. */
    public TreeVerdict check(Path path) throws IOException {
        SubmissionTree tree = SubmissionTree.read(path, !rules.isOfFirstRound());
        var violations = new ArrayList<>(LayoutViolations.of(tree));
        Map<Path, SystemDescription> systems = new HashMap<>();
        for (Path file : tree.systemFiles()) {
            SystemDescription system = SystemDescription.check(file, requirements);
            systems.put(file, system);
            if (!rules.isOfFirstRound()) {
                violations.addAll(system.violations());
            }
        }
        var sets = new ArrayList<SetVerdict>();
        for (ResultSet set : tree.sets()) {
            Integer runs = requirements.runs().get(set.benchmark());
            if (runs == null) {
                var unknown = new SetViolations(set.folder());
                unknown.unknownBenchmark(set.benchmark(), requirements.runs().keySet());
                violations.addAll(unknown.all());
            } else {
                sets.add(check(set, systems.get(set.systemFile()), runs));
            }
        }
        if (sets.isEmpty()) {
            violations.add(LayoutViolations.noRuns(path, rules.isOfFirstRound()));
        }
        return new TreeVerdict(sets, asAsked(violations));
    }

    private List<Violation> asAsked(List<Violation> violations) {
        return strict ? violations.stream().map(Violation::asError).toList() : violations;
    }

    private SetVerdict check(ResultSet set, @Nullable SystemDescription system, int runs) {
        List<Checked> checked = checkLogs(set.logs());
        List<LogVerdict> verdicts = checked.stream().map(Checked::verdict).toList();
        List<LogVerdict> pruned =
                checkLogs(set.pruned()).stream().map(Checked::verdict).toList();
        List<Score.Judged> judged = checked.stream()
                .map(log -> new Score.Judged(log.run(), log.verdict().passed()))
                .toList();
        var convergence = new ConvergenceViolations(set.folder());
        double factor = convergence.readFactor(set.scalingFile());
        OptionalDouble score = score(set, judged, runs, factor);
        var found = new SetViolations(set.folder());
        found.checkCount(set, runs);
        found.checkOthers(set);
        found.checkFailing(verdicts);
        found.checkPruned(pruned);
        found.checkScore(score.isPresent(), set.metric());
        if (!rules.isOfFirstRound()) {
            found.checkSystem(set, system, judged);
            found.checkScale(set, system, judged);
            if (system != null && system.division().equals(Optional.of("closed"))) {
                found.checkSeeds(judged);
                convergence.checkConvergence(
                        judged, ReferenceConvergence.of(set.benchmark(), rules.name(), runs), set.scalingFile());
            }
        }
        List<Violation> violations =
                Stream.concat(found.all().stream(), convergence.all().stream()).toList();
        return new SetVerdict(set, verdicts, pruned, asAsked(violations), score, factor, convergence.expectedFactor());
    }

    private record Checked(LogVerdict verdict, RunResult run) {}

    /** On all cores, in the order of {@code logs}. */
    private List<Checked> checkLogs(List<Path> logs) {
        return logs.parallelStream().map(this::checkLog).toList();
    }

    private Checked checkLog(Path log) {
        var reader = new RunResultReader(log.toString());
        try (InputStream in = Files.newInputStream(log, LinkOption.NOFOLLOW_LINKS)) {
            LogVerdict verdict = logChecker.check(log.toString(), in, reader);
            return new Checked(verdict, reader.result());
        } catch (IOException e) {
            return new Checked(LogVerdict.unreadable(log, e), reader.result());
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
