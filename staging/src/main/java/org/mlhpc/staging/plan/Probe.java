package org.mlhpc.staging.plan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.staging.engine.Blocks;
import org.mlhpc.staging.engine.Gunzip;
import org.mlhpc.staging.engine.SourceLimit;
import org.mlhpc.staging.files.Inventory;
import org.mlhpc.staging.files.NodePlace;
import org.mlhpc.staging.files.SourceFile;
import org.mlhpc.staging.files.Together;

/** Measures rates on a small part of the data set: a hundredth of it at most. */
public final class Probe {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;
    private static final int REQUEST_BYTES = 1 << 20;
    private static final long SHARE = 256;
    private static final long LEAST_BYTES = 256 << 10;
    private static final long MOST_BYTES = 64L << 20;
    private static final int BROADCASTS = 8;
    /** Trying must not fill a disk that has room for the rest of a staging. */
    private static final long SHARE_OF_ROOM = 2;
    /** Writing and reading; where somebody has measured, that is less. */
    private static final double[] NOT_MEASURED = {Double.MAX_VALUE, Double.MAX_VALUE};

    private static final int SAMPLED_FILES = 4;
    private static final double SAMPLE_SECONDS = 0.2;

    private final Inventory inventory;
    private final SourceLimit limit;
    private final long budget;
    private final ByteBuffer buffer = Blocks.buffer(REQUEST_BYTES);

    public Probe(Inventory inventory, SourceLimit limit) {
        this.inventory = inventory;
        this.limit = limit;
        this.budget = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, inventory.bytes() / SHARE));
    }

    /**
     * Measures source, destination and network; empty if the destination is too full to try. Collective.
     *
     * @param destination a folder there is, on the file system to measure
     */
    public Optional<Rates> rates(NodePlace place, Communicator world, Path destination) throws IOException {
        double alone = place.nodes() > 1 ? Together.on(world, "measuring the source", () -> first(place)) : 0;
        alone = world.max(alone);
        double each = Together.on(world, "measuring the source", () -> place.leads() ? read(place) : 0.0);
        double[] all = {each};
        world.sum(all);
        double[] disk = Together.on(
                world,
                "measuring " + destination,
                () -> place.leads() ? writeAndRead(destination) : NOT_MEASURED.clone());
        double broadcast = place.leads() ? broadcast(place.leaders()) : Double.POSITIVE_INFINITY;
        double write = -world.max(-disk[0]);
        var rates = new Rates(alone > 0 ? alone : all[0], all[0], write, -world.max(-disk[1]), -world.max(-broadcast));
        return write < NOT_MEASURED[0] ? Optional.of(rates) : Optional.empty();
    }

    private double first(NodePlace place) throws IOException {
        return place.leads() && place.node() == 0 ? read(place) : 0.0;
    }

    /** Bytes per second from files spread over the data set, other ones on each node. */
    private double read(NodePlace place) throws IOException {
        List<SourceFile> files = inventory.files();
        long most = Math.max(LEAST_BYTES, budget / place.nodes());
        long bytes = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < files.size() && bytes < most; i++) {
            // A stride that shares no factor with most numbers of files reaches them all, neighbours late.
            int at = (int) ((place.node() + i * 104_729L) % files.size());
            bytes += read(files.get(at), most - bytes);
        }
        double seconds = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
        return bytes / Math.max(seconds, SECONDS_PER_NANOSECOND);
    }

    private long read(SourceFile file, long most) throws IOException {
        Path path = inventory.root().resolve(file.path());
        long end = Math.min(file.bytes(), most);
        try (Blocks in = Blocks.read(path, false)) {
            for (long done = 0; done < end; done += REQUEST_BYTES) {
                int request = (int) Math.min(REQUEST_BYTES, end - done);
                limit.pass(request);
                in.read(buffer, request, done);
            }
        }
        return end;
    }

    private double[] writeAndRead(Path folder) throws IOException {
        long room = Files.getFileStore(folder).getUsableSpace() / SHARE_OF_ROOM;
        long blocks = Math.min(Math.max(1, budget / REQUEST_BYTES), room / REQUEST_BYTES);
        return blocks > 0 ? writeAndRead(folder, blocks) : NOT_MEASURED.clone();
    }

    private double[] writeAndRead(Path folder, long blocks) throws IOException {
        Path trial = TrialFile.create(folder);
        try {
            boolean direct = Blocks.readsDirectly(trial);
            long begin = System.nanoTime();
            try (Blocks out = Blocks.write(trial, direct)) {
                for (long i = 0; i < blocks; i++) {
                    out.write(buffer.clear(), i * REQUEST_BYTES);
                }
            }
            try (var written = FileChannel.open(trial, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            double writeRate = blocks * REQUEST_BYTES / ((System.nanoTime() - begin) * SECONDS_PER_NANOSECOND);
            begin = System.nanoTime();
            try (Blocks in = Blocks.read(trial, direct)) {
                for (long i = 0; i < blocks; i++) {
                    in.read(buffer, REQUEST_BYTES, i * REQUEST_BYTES);
                }
            }
            double readRate = blocks * REQUEST_BYTES / ((System.nanoTime() - begin) * SECONDS_PER_NANOSECOND);
            return new double[] {writeRate, readRate};
        } finally {
            Files.deleteIfExists(trial);
        }
    }

    /** Bytes per second from one node to all; infinite if there is no other. */
    private double broadcast(Communicator leaders) {
        if (leaders.size() == 1) {
            return Double.POSITIVE_INFINITY;
        }
        leaders.broadcast(buffer.clear(), 0);
        leaders.barrier();
        long begin = System.nanoTime();
        for (int i = 0; i < BROADCASTS; i++) {
            leaders.broadcast(buffer.clear(), 0);
        }
        leaders.barrier();
        return (double) BROADCASTS * REQUEST_BYTES / ((System.nanoTime() - begin) * SECONDS_PER_NANOSECOND);
    }

    /** What GZIP does to the data set, by the first files of a sample; on one rank. */
    public Packing packing() throws IOException {
        List<SourceFile> files = inventory.files();
        int number = Math.min(SAMPLED_FILES, files.size());
        double packed = 0;
        double before = 0;
        double after = 0;
        Optional<Path> example = Optional.empty();
        for (int i = 0; i < number; i++) {
            Path file = inventory
                    .root()
                    .resolve(files.get((int) ((long) i * files.size() / number)).path());
            before += Files.size(file);
            after += Gunzip.unpackedBytes(file);
            if (Gunzip.isPacked(file)) {
                packed++;
                example = Optional.of(file);
            }
        }
        return example.isEmpty()
                ? Packing.none()
                : new Packing(packed / number, after / before, Gunzip.bytesPerSecond(example.get(), SAMPLE_SECONDS));
    }
}
