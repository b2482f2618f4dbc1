package org.mlhpc.slurm;

import java.nio.file.Path;
import java.util.List;

/**
 * One batch job.
 *
 * @param name what the queue shows
 * @param time limit as Slurm writes it: minutes, H:MM:SS or D-HH:MM:SS
 * @param out folder of the results and of the job's own output
 * @param command the words after {@code mlhpc}, without ranks and output folder
 */
public record JobSpec(String name, int nodes, int ranksPerNode, String time, Path out, List<String> command) {
    public JobSpec {
        command = List.copyOf(command);
        requirePositive("--nodes", nodes);
        requirePositive("--ranks-per-node", ranksPerNode);
        if (!time.matches("\\d+|\\d+:\\d\\d(:\\d\\d)?|\\d+-\\d\\d?(:\\d\\d){0,2}")) {
            throw new IllegalArgumentException("--time=" + time + " is not minutes, H:MM:SS or D-HH:MM:SS");
        }
        BatchText.requireOption("--job-name=" + name);
        BatchText.requireOption("--output=" + out);
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + "=" + value + " must be at least 1");
        }
    }

    int ranks() {
        return nodes * ranksPerNode;
    }
}
