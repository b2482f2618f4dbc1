package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.projection.LearnedSettings;
import org.mlhpc.harness.projection.ProfiledRun;
import org.mlhpc.harness.projection.ProfiledRuns;
import org.mlhpc.results.LabelledRun;
import org.mlhpc.results.RunRecord;

/**
 * Profiled runs for the report of a roofline.
 *
 * @param all as read
 * @param telling of each folder, for each layout the run with most work
 */
record RooflineReportRuns(List<LabelledRun> all, List<LabelledRun> telling) {
    /** @throws IOException if a record cannot be read or has no profile; the message names it */
    static RooflineReportRuns read(List<Path> places) throws IOException {
        List<ProfiledRun> found = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (Path place : places) {
            for (Path file : ProfiledRuns.files(List.of(place))) {
                found.add(ProfiledRun.read(file, Workloads::named));
            }
            ends.add(found.size());
        }
        List<ProfiledRun> all = ProfiledRuns.labelled(found);
        List<ProfiledRun> telling = new ArrayList<>();
        int start = 0;
        for (int end : ends) {
            telling.addAll(ProfiledRuns.telling(all.subList(start, end)));
            start = end;
        }
        return new RooflineReportRuns(records(all), records(telling));
    }

    private static List<LabelledRun> records(List<ProfiledRun> runs) {
        return runs.stream()
                .map(run -> new LabelledRun(run.label(), run.record()))
                .toList();
    }

    /**
     * Those that did what is predicted on a machine like the predicted one, whatever their layout and batch: the others' times
     * say nothing about it.
     */
    List<LabelledRun> asPredicted(PredictionOptions.Predictions predicted) {
        Workload<?> workload = Workloads.named(predicted.runs().workload());
        Map<String, String> wanted =
                LearnedSettings.of(workload, predicted.settings().asMap());
        return all.stream()
                .filter(run -> isLike(run.record(), predicted))
                .filter(run -> LearnedSettings.of(workload, settings(workload, run.record()))
                        .equals(wanted))
                .toList();
    }

    private static boolean isLike(RunRecord run, PredictionOptions.Predictions predicted) {
        return run.workload().equals(predicted.runs().workload())
                && predicted.cpu().equals(Optional.of(run.machine().cpu()))
                && run.profile().stream()
                        .anyMatch(profile -> profile.storageLimit().isEmpty()
                                && profile.precision().equals(predicted.precision()));
    }

    private static Map<String, String> settings(Workload<?> workload, RunRecord run) {
        return workload.settings(run.configuration()).with(run.settings()).asMap();
    }
}
