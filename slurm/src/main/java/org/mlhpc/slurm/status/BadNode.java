package org.mlhpc.slurm.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A node that was found to be broken.
 *
 * @param reason what is wrong with it
 */
public record BadNode(String node, String reason) {
    /** A third column, the time, is for the scripts of jobs, which forget old entries. */
    private static final int COLUMNS = 3;

    /** Those in the file {@code bad_nodes} of a point; none if there is no such file. */
    public static List<BadNode> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .map(line -> line.split("\t", COLUMNS))
                .filter(cells -> !cells[0].isBlank())
                .map(cells -> new BadNode(cells[0].strip(), cells.length > 1 ? cells[1].strip() : ""))
                .toList();
    }
}
