package org.mlhpc.harness.projection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mlhpc.api.Settings;
import org.mlhpc.results.RunRecord;

/** What runs are called beside each other: workload, batch and layout, and the settings in which they differ. */
final class RunLabels {
    private static final double MEGA = 1e-6;

    private final Map<String, Set<String>> varied;
    private final Map<String, Integer> seen = new HashMap<>();

    private RunLabels(List<ProfiledRun> runs) {
        this.varied = runs.stream()
                .collect(Collectors.groupingBy(
                        run -> run.record().configuration(),
                        Collectors.collectingAndThen(Collectors.toList(), RunLabels::differing)));
    }

    /** The same runs, each with a label of its own. */
    static List<ProfiledRun> label(List<ProfiledRun> runs) {
        var labels = new RunLabels(runs);
        return runs.stream().map(run -> run.labelled(labels.next(run))).toList();
    }

    /** Of runs in one configuration. The batch size has a place of its own. */
    private static Set<String> differing(List<ProfiledRun> runs) {
        Set<String> keys = new TreeSet<>();
        runs.forEach(run -> keys.addAll(run.record().settings().keySet()));
        keys.removeIf(key -> runs.stream()
                        .map(run -> Optional.ofNullable(run.record().settings().get(key)))
                        .distinct()
                        .count()
                == 1);
        keys.remove(Settings.GLOBAL_BATCH_SIZE);
        return keys;
    }

    /** Repetitions are numbered. */
    private String next(ProfiledRun run) {
        String text = text(run);
        int before = seen.merge(text, 1, Integer::sum);
        return before == 1 ? text : text + " (" + before + ")";
    }

    private String text(ProfiledRun run) {
        RunRecord record = run.record();
        var parts = new ArrayList<String>();
        parts.add(record.workload() + " " + record.configuration());
        parts.add("batch " + run.profile().samplesPerStep());
        int nodes = record.machine().nodes();
        parts.add(record.machine().ranks() + " x " + record.machine().threadsPerRank() + " threads"
                + (nodes == 1 ? "" : " on " + nodes + " nodes"));
        varied.getOrDefault(record.configuration(), Set.of()).stream()
                .filter(record.settings()::containsKey)
                .forEach(key -> parts.add(key + "=" + record.settings().get(key)));
        run.profile()
                .storageLimit()
                .ifPresent(limit -> parts.add(String.format(Locale.ROOT, "%.4g MB/s", limit * MEGA)));
        if (record.index() > 0) {
            parts.add("run " + record.index());
        }
        return String.join(", ", parts);
    }
}
