package org.mlhpc.rules.tree;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.Score;
import org.mlhpc.results.tree.Folder;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.results.tree.ResultSet;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.Violation;

/** The rules about a set of runs, and what breaks them. */
final class SetViolations {
    private static final String RUNS = "hpc_training_rules: Benchmark Results";
    private static final String THROUGHPUT = "hpc_training_rules: Throughput";
    private static final String SEEDS = "training_rules: Random Number Generation";
    private static final String SYSTEM = "submission_rules: System description";
    private static final String LAYOUT = "submission_rules: Directory structure";

    private final ViolationList violations;

    SetViolations(Path folder) {
        this.violations = new ViolationList(folder);
    }

    List<Violation> all() {
        return violations.all();
    }

    /** The folder is of no benchmark. */
    void unknownBenchmark(String name, Set<String> known) {
        violations.warn(
                "tree/benchmark",
                LAYOUT,
                "folder " + name,
                String.join(", ", new TreeSet<>(known)),
                "rename or remove the folder; it is not looked at");
    }

    void checkCount(ResultSet set, int runs) {
        int count = set.logs().size();
        if (set.metric() == Metric.TIME_TO_TRAIN && count != runs) {
            violations.error(
                    "set/runs",
                    RUNS,
                    count + " logs",
                    "exactly " + runs,
                    count < runs
                            ? "train the missing runs"
                            : "keep " + runs + " consecutive runs with the median score");
        } else if (set.metric() == Metric.THROUGHPUT && count < runs) {
            violations.error("set/runs", RUNS, count + " logs", "at least " + runs, "train more instances");
        }
    }

    /** Files and folders beside the logs. */
    void checkOthers(ResultSet set) {
        if (!set.others().isEmpty()) {
            violations.warn(
                    "set/files",
                    LAYOUT,
                    Folder.shown(set.others()),
                    "result_*.txt, scaling.json, power" + (set.metric() == Metric.THROUGHPUT ? ", pruned_results" : ""),
                    "rename what is a log, and move the rest out of the results");
        }
    }

    /** One log may fail; it takes the place of the slowest run. */
    void checkFailing(Collection<LogVerdict> logs) {
        List<String> failing = failing(logs);
        if (failing.size() == 1) {
            violations.warn(
                    "set/failing",
                    RUNS,
                    failing.get(0) + " fails",
                    "no failing log, or one, which counts as the slowest run",
                    "nothing needs to change");
        } else if (failing.size() > 1) {
            violations.error(
                    "set/failing",
                    RUNS,
                    failing.size() + " logs fail: " + Folder.shown(failing),
                    "at most one",
                    "correct what is listed for each log, or train these runs again");
        }
    }

    /** Pruned logs do not count, and no official program looks at them; but they are submitted. */
    void checkPruned(Collection<LogVerdict> pruned) {
        List<String> failing = failing(pruned);
        if (!failing.isEmpty()) {
            violations.warn(
                    "set/pruned",
                    THROUGHPUT,
                    failing.size() + " of " + pruned.size() + " pruned logs fail: " + Folder.shown(failing),
                    "logs that keep the rules, though they do not count",
                    "nothing needs to change if these instances failed");
        }
    }

    private static List<String> failing(Collection<LogVerdict> logs) {
        return logs.stream()
                .filter(log -> !log.passed())
                .map(log -> Path.of(log.file()).getFileName().toString())
                .toList();
    }

    void checkSystem(ResultSet set, @Nullable SystemDescription system, Collection<Score.Judged> runs) {
        if (system == null) {
            violations.error(
                    "set/system",
                    SYSTEM,
                    "no file " + set.systemFile(),
                    "one with the name of the folder under results",
                    "write it with ./mlhpc system describe");
            return;
        }
        String division = system.division().orElse("");
        Set<String> logged = runs.stream()
                .flatMap(judged -> judged.run().division().stream())
                .filter(value -> !value.equals(division))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!logged.isEmpty()) {
            violations.warn(
                    "set/division",
                    SYSTEM,
                    "division '" + division + "' in " + set.systemFile().getFileName() + ", " + logged + " in the logs",
                    "the same in both",
                    "correct the division of the system description");
        }
    }

    /** Instances of a throughput set have one scale S, and S <= T <= M * S for the scale T of the system and M instances. */
    void checkScale(ResultSet set, @Nullable SystemDescription system, Collection<Score.Judged> runs) {
        Set<Long> scales = runs.stream()
                .filter(Score.Judged::passed)
                .flatMap(judged -> judged.run().scale().stream().boxed())
                .collect(Collectors.toCollection(TreeSet::new));
        if (set.metric() != Metric.THROUGHPUT || scales.isEmpty()) {
            return;
        }
        OptionalLong total = system == null ? OptionalLong.empty() : system.scale();
        long instance = scales.iterator().next();
        long instances = set.logs().size() + (long) set.pruned().size();
        if (scales.size() > 1) {
            violations.error(
                    "set/scale",
                    THROUGHPUT,
                    "instances of " + scales + " accelerators or nodes",
                    "one scale for all",
                    "submit instances of one scale, each scale as a system of its own");
        } else if (total.isPresent() && (total.getAsLong() < instance || total.getAsLong() > instances * instance)) {
            violations.warn(
                    "set/scale",
                    THROUGHPUT,
                    "a system of " + total.getAsLong() + " with " + instances + " instances of " + instance,
                    "from " + instance + " to " + instances * instance + " accelerators or nodes",
                    "correct number_of_nodes and accelerators_per_node of the system, or those of the logs");
        }
    }

    void checkScore(boolean hasScore, Metric metric) {
        if (!hasScore) {
            violations.warn(
                    "set/score", RUNS, "no " + metric.label(), "a score", "complete the set: too few of its logs pass");
        }
    }

    /** Seeds of different runs must differ; several seeds in a run are looked at one by one. */
    void checkSeeds(Collection<Score.Judged> runs) {
        Map<List<Object>, String> owners = new HashMap<>();
        var without = new ArrayList<String>();
        for (Score.Judged judged : runs) {
            RunResult run = judged.run();
            String name = Path.of(run.file()).getFileName().toString();
            List<RunResult.Seed> seeds = run.seeds().stream()
                    .filter(seed -> seed.value().isPresent())
                    .toList();
            if (seeds.isEmpty()) {
                without.add(name);
            }
            seeds.forEach(seed -> checkSeed(seed, name, owners));
        }
        if (!without.isEmpty()) {
            violations.error(
                    "set/seeds",
                    SEEDS,
                    "no seed in " + Folder.shown(without),
                    "an integer seed in each log",
                    "log the seed that each run was started with");
        }
    }

    private void checkSeed(RunResult.Seed seed, String name, Map<List<Object>, String> owners) {
        long value = seed.value().orElseThrow();
        String owner = owners.putIfAbsent(List.of(seed.sourceFile(), seed.sourceLine(), value), name);
        if (owner != null && !owner.equals(name)) {
            violations.error(
                    "set/seeds",
                    SEEDS,
                    "seed " + value + " in " + owner + " and in " + name,
                    "a seed of its own for each run",
                    "train one of them again with another --seed");
        }
    }
}
