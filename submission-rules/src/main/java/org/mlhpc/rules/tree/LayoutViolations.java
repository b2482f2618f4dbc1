package org.mlhpc.rules.tree;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mlhpc.results.tree.Folder;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.results.tree.ResultSet;
import org.mlhpc.results.tree.SubmissionTree;
import org.mlhpc.rules.Violation;

/** What is wrong with the folders of a submission themselves. */
final class LayoutViolations {
    private static final String SECTION = "submission_rules: Directory structure";

    private LayoutViolations() {}

    static List<Violation> of(SubmissionTree tree) {
        var all = new ArrayList<Violation>();
        tree.links().forEach((folder, names) -> all.addAll(links(folder, names)));
        tree.strayFolders().forEach(folder -> all.addAll(stray(folder)));
        var byOrganisation = tree.sets().stream()
                .collect(Collectors.groupingBy(ResultSet::organisation, LinkedHashMap::new, Collectors.toList()));
        byOrganisation.forEach((organisation, sets) -> all.addAll(throughputAlone(organisation, sets)));
        return all;
    }

    private static List<Violation> links(Path folder, List<String> names) {
        var found = new ViolationList(folder);
        found.error(
                "tree/link",
                SECTION,
                "symbolic links, which are not followed: " + Folder.shown(names),
                "files and folders",
                "replace each link by what it points to");
        return found.all();
    }

    private static List<Violation> stray(Path folder) {
        var found = new ViolationList(folder);
        found.error(
                "tree/metric",
                SECTION,
                "folder " + Folder.name(folder),
                "strong or weak",
                "move the benchmark folders into strong (time to train) or weak (throughput)");
        return found.all();
    }

    /** The official checker passes what it finds nothing in. */
    static Violation noRuns(Path path, boolean firstRound) {
        var found = new ViolationList(path);
        found.warn(
                "tree/runs",
                SECTION,
                "no set of runs, so nothing was checked",
                "results/SYSTEM/" + (firstRound ? "" : "strong or weak/") + "BENCHMARK/result_*.txt",
                "move the logs there, or choose the --ruleset of their round");
        return found.all().get(0);
    }

    /** Throughput alone may not be reported. */
    private static List<Violation> throughputAlone(Path organisation, List<ResultSet> sets) {
        Map<Metric, Set<String>> benchmarks = sets.stream()
                .collect(Collectors.groupingBy(
                        ResultSet::metric,
                        Collectors.mapping(ResultSet::benchmark, Collectors.toCollection(TreeSet::new))));
        var lacking = new TreeSet<>(benchmarks.getOrDefault(Metric.THROUGHPUT, Set.of()));
        lacking.removeAll(benchmarks.getOrDefault(Metric.TIME_TO_TRAIN, Set.of()));
        var found = new ViolationList(organisation);
        if (!lacking.isEmpty()) {
            found.warn(
                    "tree/throughput",
                    "hpc_training_rules: Throughput",
                    "throughput without time to train of " + String.join(", ", lacking),
                    "throughput beside time to train",
                    "submit a time to train of the same benchmark");
        }
        return found.all();
    }
}
