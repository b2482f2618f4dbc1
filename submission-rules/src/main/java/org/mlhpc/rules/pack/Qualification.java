package org.mlhpc.rules.pack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.tree.Metric;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.tree.SubmissionChecker;

/** Whether finished runs can be submitted. */
public final class Qualification {
    private Qualification() {}

    /**
     * Why the runs in these folders cannot be submitted, and what to do about it; empty if they can.
     *
     * @throws IOException if something cannot be read
     */
    public static Optional<String> obstacle(List<Path> folders, Metric metric, RuleSet rules) throws IOException {
        try {
            require(folders, metric, rules);
            return Optional.empty();
        } catch (NotQualified e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The runs in these folders that are to be submitted. */
    static PackagedRuns require(List<Path> folders, Metric metric, RuleSet rules) throws IOException, NotQualified {
        PackagedRuns runs = PackagedRuns.read(folders, new LogChecker(rules, false));
        int wanted = SubmissionChecker.runs(runs.benchmark())
                .orElseThrow(() -> new NotQualified("no rules for benchmark '" + runs.benchmark() + "'"));
        PackagedRuns candidates = metric == Metric.THROUGHPUT ? runs.prune() : runs;
        candidates.requireDistinctSeeds();
        int count = candidates.counted().size();
        if (count < wanted) {
            throw new NotQualified(runs.benchmark() + " needs " + wanted + " runs, here are " + count
                    + (candidates.pruned().isEmpty() ? "" : " without those that fail or repeat a seed") + ": train "
                    + (wanted - count) + " more with seeds of their own, with --runs " + wanted);
        }
        return metric == Metric.THROUGHPUT
                ? candidates
                : candidates.select(RunSelection.first(candidates.judged(), wanted), wanted);
    }
}
