package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import org.mlhpc.api.Communicator;
import org.mlhpc.staging.engine.ForwardSchedule.Chunk;
import org.mlhpc.staging.files.SourceFile;

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
            Set<SourceFile> missing = new HashSet<>(destination.adoptSame(wanted));
            List<SourceFile> again = pass(onAnyNode(all, missing), missing);
            // What does not match the manifest is read once more, since the error may be one of reading.
            again = pass(again, missing);
            if (!again.isEmpty()) {
                Path damaged = root.resolve(again.get(0).path());
                throw new IOException(damaged + " is damaged: its CRC-32C differs from the manifest's in two readings;"
                        + " restore the source");
            }
        });
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

    /** Returns the files that did not match the manifest on some node. */
    private List<SourceFile> pass(List<SourceFile> files, Set<SourceFile> wanted) throws IOException {
        if (files.isEmpty()) {
            return List.of();
        }
        var schedule = new ForwardSchedule(files, leaders.size(), options.chunkBytes());
        boolean readDirectly = options.direct()
                && Blocks.readsDirectly(root.resolve(files.get(0).path()));
        boolean writeDirectly = options.direct() && destination.writesDirectly();
        List<StreamWriter> writers = new ArrayList<>();
        for (int i = 0; i < schedule.streams(); i++) {
            writers.add(new StreamWriter(destination, options, writeDirectly, traffic));
        }
        try (var reader =
                new ReadAhead(root, schedule, leaders.rank(), options.chunkBytes(), readDirectly, limit, traffic)) {
            broadcast(schedule, wanted, reader, writers);
        } finally {
            finish(writers);
        }
        requireWritten(writers);
        var mismatched = new ArrayList<SourceFile>();
        writers.forEach(writer -> mismatched.addAll(writer.mismatched()));
        return onAnyNode(files, mismatched);
    }

    private void broadcast(
            ForwardSchedule schedule, Set<SourceFile> wanted, ReadAhead reader, List<StreamWriter> writers)
            throws IOException {
        BlockingQueue<Parcel> received = Parcel.pool(receiving(schedule.streams()), options.chunkBytes());
        int broadcasts = 0;
        for (Chunk chunk : schedule) {
            boolean own = chunk.owner() == leaders.rank();
            Parcel parcel = take(own ? reader::take : received::take);
            leaders.broadcast(parcel.message(chunk.bytes()), chunk.owner());
            parcel.requireRead();
            if (!own) {
                requireIntact(parcel, chunk);
                traffic.fromPeer(chunk.bytes());
            }
            if (wanted.contains(chunk.file())) {
                writers.get(chunk.stream()).put(chunk, parcel);
            } else {
                parcel.release();
            }
            if (++broadcasts % writers.size() == 0) {
                requireWritten(writers);
            }
        }
    }

    /** The checksum of every file is compared as well; this one says that it was the network. */
    private static void requireIntact(Parcel parcel, Chunk chunk) {
        if (!parcel.isIntact()) {
            // Nobody waits for this rank after its failure but a batch system that ends the job, which is right here.
            throw new IllegalStateException(
                    "a chunk of " + chunk.file().path() + " was changed on its way through the network");
        }
    }

    /** Throws on all nodes if one could not write. Collective. */
    private void requireWritten(List<StreamWriter> writers) throws IOException {
        Optional<IOException> own =
                writers.stream().flatMap(writer -> writer.failure().stream()).findFirst();
        boolean anywhere = leaders.max(own.isPresent() ? 1 : 0) > 0;
        if (own.isPresent()) {
            throw own.get();
        } else if (anywhere) {
            throw new IOException("another node could not write what was forwarded to it");
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

    private static void finish(List<StreamWriter> writers) throws IOException {
        try {
            for (StreamWriter writer : writers) {
                writer.finish();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while forwarding", e);
        }
    }
}
