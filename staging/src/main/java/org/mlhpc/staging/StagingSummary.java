package org.mlhpc.staging;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.staging.files.NodePlace;
import org.mlhpc.staging.files.Together;

/**
 * What all ranks did to stage a data set.
 *
 * @param ranks by rank
 * @param slowestFile the file that took longest, over all ranks; empty if none was moved
 * @param foreign one of the files that do not belong into the destination; empty if there is none
 */
public record StagingSummary(
        List<Row> ranks,
        double seconds,
        String slowestFile,
        double slowestFileSeconds,
        long damagedFiles,
        String damagedFile,
        long foreignFiles,
        String foreign) {
    public StagingSummary {
        ranks = List.copyOf(ranks);
    }

    /**
     * What one rank moved; see {@link Staged}.
     *
     * @param seconds it spent moving; waiting for the other ranks of its node or job is part of it
     */
    public record Row(
            int rank,
            int node,
            long sharedBytes,
            long peerBytes,
            long writtenBytes,
            long keptBytes,
            long files,
            double seconds) {}

    /** Collective. */
    public static StagingSummary of(Communicator world, Staged own) {
        Staged.Moved moved = own.moved();
        double slowest = world.max(moved.slowestFileSeconds());
        return new StagingSummary(
                rows(world, own),
                world.max(own.seconds()),
                textOfFirst(world, moved.slowestFileSeconds() == slowest, moved.slowestFile()),
                slowest,
                total(world, own.damaged().size()),
                textOfFirst(
                        world,
                        !own.damaged().isEmpty(),
                        own.damaged().isEmpty() ? "" : own.damaged().get(0)),
                total(world, own.foreign().size()),
                textOfFirst(
                        world,
                        !own.foreign().isEmpty(),
                        own.foreign().isEmpty() ? "" : own.foreign().get(0)));
    }

    private static List<Row> rows(Communicator world, Staged own) {
        Staged.Moved moved = own.moved();
        double[] nodes = world.gather(NodePlace.of(world).node());
        double[] shared = world.gather((double) moved.sharedBytes());
        double[] peers = world.gather((double) moved.peerBytes());
        double[] written = world.gather((double) moved.writtenBytes());
        double[] kept = world.gather((double) own.keptBytes());
        double[] files = world.gather((double) moved.files());
        double[] seconds = world.gather(moved.seconds());
        var rows = new ArrayList<Row>();
        for (int rank = 0; rank < nodes.length; rank++) {
            rows.add(new Row(
                    rank,
                    (int) nodes[rank],
                    (long) shared[rank],
                    (long) peers[rank],
                    (long) written[rank],
                    (long) kept[rank],
                    (long) files[rank],
                    seconds[rank]));
        }
        return rows;
    }

    private static long total(Communicator world, long own) {
        double[] sum = {(double) own};
        world.sum(sum);
        return Math.round(sum[0]);
    }

    /** The text of the first rank that has one; empty if none does. */
    private static String textOfFirst(Communicator world, boolean has, String text) {
        int first = -(int) world.max(has ? -world.rank() : -world.size());
        return first == world.size() ? "" : Together.broadcast(world, text, first);
    }

    /** Empty if nothing foreign is there. */
    public Optional<String> foreignWarning() {
        return foreignFiles == 0
                ? Optional.empty()
                : Optional.of("the destination holds files that are not of the data set, such as " + foreign + " ("
                        + foreignFiles + " in all); they were left alone");
    }

    public long sharedBytes() {
        return ranks.stream().mapToLong(Row::sharedBytes).sum();
    }

    public long peerBytes() {
        return ranks.stream().mapToLong(Row::peerBytes).sum();
    }

    public long keptBytes() {
        return ranks.stream().mapToLong(Row::keptBytes).sum();
    }

    /** The rank that moved for the longest time. */
    public Row slowestRank() {
        return ranks.stream().max(Comparator.comparingDouble(Row::seconds)).orElseThrow();
    }
}
