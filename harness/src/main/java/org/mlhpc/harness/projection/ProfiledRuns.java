package org.mlhpc.harness.projection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mlhpc.roofline.predict.Layout;

/** Which runs to read, and which to show. */
public final class ProfiledRuns {
    private ProfiledRuns() {}

    /**
     * Files as they are; of folders the records below them.
     *
     * @throws IOException if there is none; the message names the places
     */
    public static List<Path> files(List<Path> places) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> all = Files.walk(place)) {
                    all.filter(file -> String.valueOf(file.getFileName()).matches("run(_\\d+)?\\.json"))
                            .sorted()
                            .forEach(files::add);
                }
            } else {
                files.add(place);
            }
        }
        if (files.isEmpty()) {
            throw new IOException("no run.json in " + places);
        }
        return files;
    }

    /** The same runs, each with a label of its own: its batch, its layout and the settings in which they differ. */
    public static List<ProfiledRun> labelled(List<ProfiledRun> runs) {
        return RunLabels.label(runs);
    }

    /** For each layout the run with most work in a step; one with a storage limit only if there is no other. */
    public static List<ProfiledRun> telling(List<ProfiledRun> runs) {
        Map<Layout, ProfiledRun> most = new LinkedHashMap<>();
        runs.stream()
                .sorted(Comparator.comparing((ProfiledRun run) ->
                                run.profile().storageLimit().isPresent())
                        .thenComparing(Comparator.comparingDouble(ProfiledRun::flopPerNode)
                                .reversed()))
                .forEach(run -> most.putIfAbsent(run.layout(), run));
        return List.copyOf(most.values());
    }
}
