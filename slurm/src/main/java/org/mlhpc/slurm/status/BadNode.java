package org.mlhpc.slurm.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * A node that was found to be broken.
 *
 * @param reason what is wrong with it
 */
public record BadNode(String node, String reason) {
    private static final int COLUMNS = 3;
    /** As long as the scripts of jobs leave a node out, {@code BAD_NODE_DAYS} of nodes.sh. */
    private static final Duration LASTING = Duration.ofDays(7);

    /** Those in the file {@code bad_nodes} of a point whose entries still count at {@code now}; none if there is no such file. */
    public static List<BadNode> read(Path file, Instant now) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .map(line -> line.split("\t", COLUMNS))
                .filter(cells -> cells.length == COLUMNS && isRecent(cells[2], now))
                .map(cells -> new BadNode(cells[0].strip(), cells[1].strip()))
                .toList();
    }

    private static boolean isRecent(String time, Instant now) {
        try {
            return !Instant.parse(time.strip()).isBefore(now.minus(LASTING));
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
