package org.mlhpc.staging;

import java.nio.file.Path;
import java.util.List;
import org.mlhpc.staging.plan.Plan;

/**
 * Data that every rank can read, and what this rank did for it.
 *
 * @param directory where this rank finds them
 * @param inMemory whether the directory was made in the node's memory for this run alone
 * @param seconds until every rank could read them
 * @param keptBytes bytes that were there from an earlier staging; on the first rank of a node, else 0
 * @param damaged files of an earlier staging that this rank found changed and removed, to be staged again
 * @param foreign files in the destination that are not of the data set; on the first rank of a node
 */
public record Staged(
        Path directory,
        Plan plan,
        boolean inMemory,
        double seconds,
        Moved moved,
        long keptBytes,
        List<String> damaged,
        List<String> foreign) {
    public Staged {
        damaged = List.copyOf(damaged);
        foreign = List.copyOf(foreign);
    }

    /**
     * What a rank moved.
     *
     * @param sharedBytes bytes it read from the source
     * @param peerBytes bytes it got from other nodes
     * @param writtenBytes bytes it wrote to the destination
     * @param files files it completed
     * @param slowestFile the file that took longest from its first request until it was complete; empty if none
     */
    public record Moved(
            long sharedBytes,
            long peerBytes,
            long writtenBytes,
            long files,
            double seconds,
            String slowestFile,
            double slowestFileSeconds) {
        static Moved nothing() {
            return new Moved(0, 0, 0, 0, 0, "", 0);
        }
    }

    /** Bytes that came to this rank, from wherever. */
    public long bytes() {
        return moved.sharedBytes() + moved.peerBytes();
    }
}
