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
import org.mlhpc.results.RunRecord;

/**
 * Profiled runs for the report of a roofline.
 *
 * @param all as read
 * @param telling of each folder, for each layout the run with most work
 */
record RooflineReportRuns(List<RunRecord> all, List<RunRecord> telling) {
    /** @throws IOException if a record cannot be read or has no profile; the message names it */
    static RooflineReportRuns read(List<Path> places) throws IOException {
        List<RunRecord> all = new ArrayList<>();
        List<RunRecord> telling = new ArrayList<>();
        for (Path place : places) {
            List<ProfiledRun> found = new ArrayList<>();
            for (Path file : ProfiledRuns.files(List.of(place))) {
                found.add(ProfiledRun.read(file, Workloads::named));
            }
            found.forEach(run -> all.add(run.record()));
            ProfiledRuns.telling(found).forEach(run -> telling.add(run.record()));
        }
        return new RooflineReportRuns(all, telling);
    }

    /**
     * Those that did what is predicted on a machine like the predicted one, whatever their layout and batch: the others' times
     * say nothing about it.
     */
    List<RunRecord> asPredicted(PredictionOptions.Predictions predicted) {
        Workload<?> workload = Workloads.named(predicted.runs().workload());
        Map<String, String> wanted =
                LearnedSettings.of(workload, predicted.settings().asMap());
        return all.stream()
                .filter(run -> run.workload().equals(workload.name()))
                .filter(run -> predicted.cpu().equals(Optional.of(run.machine().cpu())))
                .filter(run -> run.profile().stream()
                        .anyMatch(profile -> profile.storageLimit().isEmpty()
                                && profile.precision().equals(predicted.precision())))
                .filter(run ->
                        LearnedSettings.of(workload, settings(workload, run)).equals(wanted))
                .toList();
    }

    private static Map<String, String> settings(Workload<?> workload, RunRecord run) {
        return workload.settings(run.configuration()).with(run.settings()).asMap();
    }
}
