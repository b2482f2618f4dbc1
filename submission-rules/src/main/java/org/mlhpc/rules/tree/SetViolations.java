package org.mlhpc.rules.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.Score;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.results.tree.ResultSet;
import org.mlhpc.results.tree.ScalingFile;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.Violation.Severity;

/** The rules about a set of runs, and what breaks them. */
final class SetViolations {
    private static final String RUNS = "hpc_training_rules: Benchmark Results";
    private static final String SEEDS = "training_rules: Random Number Generation";
    private static final String CONVERGENCE = "training_rules: Reference Convergence Points";

    private final Path folder;
    private final List<Violation> violations = new ArrayList<>();

    SetViolations(Path folder) {
        this.folder = folder;
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    private void error(String rule, String section, String found, String allowed, String change) {
        violations.add(of(rule, Severity.ERROR, section, found, allowed, change));
    }

    private void warn(String rule, String section, String found, String allowed, String change) {
        violations.add(of(rule, Severity.WARNING, section, found, allowed, change));
    }

    Violation of(String rule, Severity severity, String section, String found, String allowed, String change) {
        return new Violation(rule, severity, section, folder.toString(), OptionalLong.empty(), found, allowed, change);
    }

    void checkCount(ResultSet set, int runs) {
        int count = set.logs().size();
        if (set.metric() == Metric.TIME_TO_TRAIN && count != runs) {
            error(
                    "set/runs",
                    RUNS,
                    count + " logs",
                    "exactly " + runs,
                    count < runs
                            ? "train the missing runs"
                            : "keep " + runs + " consecutive runs with the median score");
        } else if (set.metric() == Metric.THROUGHPUT && count < runs) {
            error("set/runs", RUNS, count + " logs", "at least " + runs, "train more instances");
        }
    }

    /** One log may fail; it takes the place of the slowest run. */
    void checkFailing(Collection<LogVerdict> logs) {
        List<String> failing = logs.stream()
                .filter(log -> !log.passed())
                .map(log -> Path.of(log.file()).getFileName().toString())
                .toList();
        if (failing.size() == 1) {
            warn(
                    "set/failing",
                    RUNS,
                    failing.get(0) + " fails",
                    "no failing log, or one, which counts as the slowest run",
                    "nothing needs to change");
        } else if (failing.size() > 1) {
            error(
                    "set/failing",
                    RUNS,
                    failing.size() + " logs fail: " + String.join(", ", failing),
                    "at most one",
                    "correct what is listed for each log, or train these runs again");
        }
    }

    void checkSystem(ResultSet set, @Nullable String division) {
        if (division == null) {
            error(
                    "set/system",
                    "submission_rules: System description",
                    "no file " + set.systemFile(),
                    "one with the name of the folder under results",
                    "write it with ./mlhpc system describe");
        }
    }

    /** Seeds of different runs must differ; several seeds in a run are looked at one by one. */
    void checkSeeds(Collection<Score.Judged> runs) {
        Map<List<Object>, String> owners = new HashMap<>();
        for (Score.Judged judged : runs) {
            RunResult run = judged.run();
            String name = Path.of(run.file()).getFileName().toString();
            List<RunResult.Seed> seeds = run.seeds().stream()
                    .filter(seed -> seed.value().isPresent())
                    .toList();
            if (seeds.isEmpty()) {
                error(
                        "set/seeds",
                        SEEDS,
                        "no seed in " + name,
                        "an integer seed in each log",
                        "log the seed that the run was started with");
            }
            for (RunResult.Seed seed : seeds) {
                List<Object> identity = List.of(
                        seed.sourceFile(), seed.sourceLine(), seed.value().getAsLong());
                String owner = owners.putIfAbsent(identity, name);
                if (owner != null && !owner.equals(name)) {
                    error(
                            "set/seeds",
                            SEEDS,
                            "seed " + seed.value().getAsLong() + " in " + owner + " and in " + name,
                            "a seed of its own for each run",
                            "train one of them again with another --seed");
                }
            }
        }
    }

    void checkConvergence(Collection<Score.Judged> runs, ReferenceConvergence reference, Path scalingFile) {
        var batches = new TreeSet<Long>();
        runs.forEach(judged -> judged.run().globalBatchSize().ifPresent(batches::add));
        if (runs.size() < 3 || reference.isEmpty()) {
            return;
        }
        if (batches.size() != 1) {
            error(
                    "set/convergence",
                    CONVERGENCE,
                    "batch sizes " + batches,
                    "the same in all logs",
                    "train all with one");
            return;
        }
        double[] epochs = runs.stream()
                .mapToDouble(judged -> judged.run().epochsToConverge().orElse(Double.POSITIVE_INFINITY))
                .toArray();
        double mean = Score.olympicMean(epochs);
        if (Double.isInfinite(mean)) {
            error(
                    "set/convergence",
                    CONVERGENCE,
                    "two or more runs missed the target",
                    "at most one",
                    "train them again, or prune them in a throughput set");
            return;
        }
        compare(batches.first(), mean, reference, scalingFile);
    }

    private void compare(long batch, double mean, ReferenceConvergence reference, Path scalingFile) {
        Optional<ReferenceConvergence.Limit> limit = reference.limit(batch);
        String found = String.format(Locale.ROOT, "%.4g epochs at batch size %d", mean, batch);
        if (limit.isEmpty()) {
            error(
                    "set/convergence",
                    CONVERGENCE,
                    found,
                    "batch sizes up to " + reference.largestBatch(),
                    "ask for a reference point for this batch size, or train with a smaller one");
        } else if (!limit.get().accepts(mean)) {
            error(
                    "set/convergence",
                    CONVERGENCE,
                    found,
                    String.format(
                            Locale.ROOT,
                            "at least %.6g; the reference needs %.6g",
                            limit.get().smallestAccepted(),
                            limit.get().mean()),
                    "compare data, initial values and hyperparameters with the reference");
        } else if (limit.get().factor(mean) > 1 && !Files.exists(scalingFile, LinkOption.NOFOLLOW_LINKS)) {
            warn(
                    "set/scaling",
                    CONVERGENCE,
                    found,
                    String.format(
                            Locale.ROOT,
                            "faster than the reference (%.6g) by chance",
                            limit.get().mean()),
                    String.format(
                            Locale.ROOT,
                            "expect the review to multiply the score with %.5f",
                            limit.get().factor(mean)));
        }
    }

    /** The factor in {@code file}; 1 without it. */
    double readFactor(Path file) throws IOException {
        OptionalDouble factor = ScalingFile.read(file);
        if (factor.isEmpty()) {
            error(
                    "set/scaling",
                    CONVERGENCE,
                    "scaling.json without a positive scaling_factor",
                    "{\"scaling_factor\": 1.01}",
                    "write the number that the review decided on, or remove the file");
        }
        return factor.orElse(1);
    }
}
