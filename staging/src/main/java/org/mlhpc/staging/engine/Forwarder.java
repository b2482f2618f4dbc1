package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;
import org.mlhpc.api.Communicator;
import org.mlhpc.staging.engine.ForwardSchedule.Chunk;
import org.mlhpc.staging.engine.StreamWriter.Mismatch;
import org.mlhpc.staging.files.SourceFile;
import org.mlhpc.staging.files.Together;

/**
 * Reads each file on one node and broadcasts it to all, in chunks: while one chunk travels, the next are being read and
 * the previous ones written. Every chunk has a checksum, and every file is compared with the manifest where it is written.
 */
public final class Forwarder {
    private static final int SPARE_PARCELS = 2;

    private final Path root;
    private final Destination destination;
    private final Communicator leaders;
    private final IoOptions options;
    private final SourceLimit limit;
    private final Traffic traffic;

    /** @param leaders the first rank of each node */
    public Forwarder(
            Path root,
            Destination destination,
            Communicator leaders,
            IoOptions options,
            SourceLimit limit,
            Traffic traffic) {
        this.root = root;
        this.destination = destination;
        this.leaders = leaders;
        this.options = options;
        this.limit = limit;
        this.traffic = traffic;
    }

    /** Most bytes of buffers on a node among {@code nodes}. */
    public static long bufferBytes(int nodes, IoOptions options) {
        int streams = Math.min(nodes, ForwardSchedule.MOST_STREAMS);
        return (long) (ReadAhead.PARCELS + receiving(streams)) * (options.chunkBytes() + Blocks.ALIGNMENT);
    }

    private static int receiving(int streams) {
        return 2 * streams + SPARE_PARCELS;
    }

    /**
     * Brings {@code wanted} to this node. Collective over the leaders.
     *
     * @param all the files of the data set, in the same order on all nodes
     * @param wanted those of them that this node lacks
     * @throws IOException on all nodes, if one of them failed
     */
    public void forward(List<SourceFile> all, List<SourceFile> wanted) throws IOException {
        destination.publishWhat(() -> {
            Set<SourceFile> missing = new HashSet<>(wanted);
            List<Mismatch> wrong = pass(onAnyNode(all, missing), missing);
            // What is wrong is read and sent once more: the error may be one of reading or of the way.
            Set<SourceFile> again = files(wrong);
            wrong = pass(onAnyNode(all, again), again);
            requireRight(onAnyNode(all, files(wrong)), wrong);
        });
    }

    private static Set<SourceFile> files(List<Mismatch> wrong) {
        return wrong.stream().map(Mismatch::file).collect(Collectors.toSet());
    }

    /** Throws on all nodes if files are wrong on one. Collective. */
    private void requireRight(List<SourceFile> wrong, List<Mismatch> own) throws IOException {
        boolean onTheWay = leaders.max(own.stream().anyMatch(Mismatch::onTheWay) ? 1 : 0) > 0;
        if (wrong.isEmpty()) {
            return;
        }
        Path file = root.resolve(wrong.get(0).path());
        throw new IOException(
                onTheWay
                        ? file + " was changed on its way between the nodes, sent twice: the network is failing;"
                                + " have it repaired, or let each node read by itself, with --strategy copy"
                        : file + " is damaged: its CRC-32C differs from the manifest's in two readings;"
                                + " restore the source");
    }

    /** Those that some node wants. */
    private List<SourceFile> onAnyNode(List<SourceFile> all, Collection<SourceFile> wanted) {
        var own = new HashSet<>(wanted);
        double[] nodes = new double[all.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = own.contains(all.get(i)) ? 1 : 0;
        }
        leaders.sum(nodes);
        var needed = new ArrayList<SourceFile>();
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] > 0) {
                needed.add(all.get(i));
            }
        }
        return needed;
    }

    /** Returns the files that did not come to this node as they should. */
    private List<Mismatch> pass(List<SourceFile> files, Set<SourceFile> wanted) throws IOException {
        if (files.isEmpty()) {
            return List.of();
        }
        var schedule = new ForwardSchedule(files, leaders.size(), options.chunkBytes());
        boolean readDirectly = options.direct()
                && Blocks.readsDirectly(root.resolve(files.get(0).path()));
        boolean writeDirectly = Together.on(
                leaders, "trying " + destination.folder(), () -> options.direct() && destination.writesDirectly());
        var writers = new NodeWriters(
                leaders,
                schedule.streams(),
                () -> new StreamWriter(root, destination, options, writeDirectly, traffic));
        try (var reader =
                new ReadAhead(root, schedule, leaders.rank(), options.chunkBytes(), readDirectly, limit, traffic)) {
            broadcast(schedule, wanted, reader, writers);
        } finally {
            writers.finish();
        }
        writers.requireWritten();
        return writers.mismatches();
    }

    private void broadcast(ForwardSchedule schedule, Set<SourceFile> wanted, ReadAhead reader, NodeWriters writers)
            throws IOException {
        BlockingQueue<Parcel> received = Parcel.pool(receiving(schedule.streams()), options.chunkBytes());
        int broadcasts = 0;
        for (Chunk chunk : schedule) {
            boolean own = chunk.owner() == leaders.rank();
            Parcel parcel = take(own ? reader::take : received::take);
            leaders.broadcast(parcel.message(chunk.bytes()), chunk.owner());
            parcel.requireRead();
            if (!own) {
                traffic.fromPeer(chunk.bytes());
            }
            writers.put(chunk, parcel, own || parcel.isIntact(), wanted);
            if (++broadcasts % schedule.streams() == 0) {
                writers.requireWritten();
            }
        }
    }

    private interface Taking {
        Parcel take() throws InterruptedException;
    }

    private static Parcel take(Taking taking) throws IOException {
        try {
            return taking.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while forwarding", e);
        }
    }
}
