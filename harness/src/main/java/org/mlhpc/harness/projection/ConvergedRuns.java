package org.mlhpc.harness.projection;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.api.Workload;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.predict.Convergence;

/**
 * Runs that reached their target, and which of them tell how many samples the largest run needs.
 *
 * @param largest whose task is the one that counts
 */
record ConvergedRuns(Workload<?> workload, RunRecord largest, List<RunRecord> runs) {
    ConvergedRuns {
        runs = runs.stream().filter(run -> run.status().equals("success")).toList();
    }

    /** Samples to convergence by batch size, of the runs with the same task. */
    List<Convergence.Point> points() {
        return runs.stream()
                .filter(run -> difference(run).isEmpty())
                .map(ConvergedRuns::point)
                .toList();
    }

    private static Convergence.Point point(RunRecord run) {
        double samples =
                run.epochs().stream().mapToLong(RunRecord.Epoch::trainSamples).sum();
        double epoch = samples / run.epochs().size();
        return new Convergence.Point(run.profile().orElseThrow().samplesPerStep(), samples, epoch);
    }

    /** How many runs had another task, and in what the first of them differs; empty if there are none. */
    Optional<String> otherwise() {
        List<String> differences =
                runs.stream().flatMap(run -> difference(run).stream()).toList();
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(differences.size() + (differences.size() == 1 ? " run" : " runs")
                        + " reached the target of another task than the largest run has: " + differences.get(0));
    }

    /** In what the task of {@code run} differs from that of the largest; empty if samples to convergence follow one curve. */
    private Optional<String> difference(RunRecord run) {
        Map<String, String> own = LearnedSettings.of(workload, run.settings());
        Map<String, String> wanted = LearnedSettings.of(workload, largest.settings());
        if (!own.equals(wanted)) {
            return Optional.of(beyond(own, wanted) + ", and the largest run has " + beyond(wanted, own));
        }
        if (!run.target().equals(largest.target())) {
            return Optional.of("their targets differ");
        }
        return run.model().equals(largest.model()) ? Optional.empty() : Optional.of("their models differ");
    }

    /** Settings of {@code some} that {@code others} do not have so. */
    private static String beyond(Map<String, String> some, Map<String, String> others) {
        Map<String, String> own = new TreeMap<>(some);
        own.entrySet().removeAll(others.entrySet());
        return LearnedSettings.inWords(own);
    }
}
