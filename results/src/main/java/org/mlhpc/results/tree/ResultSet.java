package org.mlhpc.results.tree;

import java.nio.file.Path;
import java.util.List;

/**
 * The runs of one system and benchmark that make one score.
 *
 * @param organisation folder of the organisation
 * @param system name of the system folder
 * @param benchmark name of the benchmark folder
 * @param folder where the logs are
 * @param logs result_*.txt, sorted by name
 * @param pruned logs of pruned_results, which do not count
 * @param others names of what does not belong here
 */
public record ResultSet(
        Path organisation,
        String system,
        Metric metric,
        String benchmark,
        Path folder,
        List<Path> logs,
        List<Path> pruned,
        List<String> others) {
    public ResultSet {
        logs = List.copyOf(logs);
        pruned = List.copyOf(pruned);
        others = List.copyOf(others);
    }

    /** The system description that belongs to it. */
    public Path systemFile() {
        return organisation.resolve("systems").resolve(system + ".json");
    }

    /** The factor that a review decided on, if there is one. */
    public Path scalingFile() {
        return folder.resolve("scaling.json");
    }
}
