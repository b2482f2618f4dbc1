package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.mlhpc.staging.engine.ForwardSchedule.Chunk;

/** Reads the chunks that this node owns, in a thread of its own, as far ahead of their broadcasts as there are parcels. */
final class ReadAhead implements AutoCloseable {
    static final int PARCELS = 8;

    private final Path root;
    private final ForwardSchedule schedule;
    private final int self;
    private final boolean direct;
    private final SourceLimit limit;
    private final Traffic traffic;
    private final BlockingQueue<Parcel> free;
    private final BlockingQueue<Parcel> full = new LinkedBlockingQueue<>();
    /** By stream: the streams take turns, so a node may be in the middle of several files. */
    private final Map<Integer, Blocks> open = new HashMap<>();

    private final Thread thread = new Thread(this::readAll, "mlhpc-forward-reader");

    /**
     * Begins to read.
     *
     * @param self number of this node
     * @param direct whether to read past the page cache
     */
    ReadAhead(
            Path root,
            ForwardSchedule schedule,
            int self,
            int chunkBytes,
            boolean direct,
            SourceLimit limit,
            Traffic traffic) {
        this.root = root;
        this.schedule = schedule;
        this.self = self;
        this.direct = direct;
        this.limit = limit;
        this.traffic = traffic;
        this.free = Parcel.pool(PARCELS, chunkBytes);
        thread.setDaemon(true);
        thread.start();
    }

    /** The next own chunk, or a parcel that says why it could not be read. */
    Parcel take() throws InterruptedException {
        return full.take();
    }

    private void readAll() {
        try {
            for (Chunk chunk : schedule) {
                if (chunk.owner() == self) {
                    full.add(read(chunk, free.take()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed early
        } finally {
            open.values().forEach(ReadAhead::closeQuietly);
        }
    }

    private Parcel read(Chunk chunk, Parcel parcel) {
        Path path = root.resolve(chunk.file().path());
        try {
            limit.pass(chunk.bytes());
            Blocks in = open.containsKey(chunk.stream())
                    ? open.remove(chunk.stream())
                    : Blocks.read(path, direct && CopyEngine.isLarge(chunk.file()));
            open.put(chunk.stream(), in);
            in.read(parcel.data(), chunk.bytes(), chunk.offset());
            if (parcel.data().remaining() < chunk.bytes()) {
                throw new IOException("it is shorter than when the data set was listed");
            }
            if (chunk.last()) {
                open.remove(chunk.stream());
                in.close();
                SourceCheck.requireUnchanged(root, chunk.file());
            }
            parcel.seal();
            traffic.fromSource(chunk.bytes());
        } catch (NoSuchFileException e) {
            parcel.fail("cannot stage " + path + ": it is gone");
        } catch (IOException e) {
            parcel.fail("cannot stage " + path + ": " + e.getMessage());
        }
        return parcel;
    }

    private static void closeQuietly(Blocks file) {
        try {
            file.close();
        } catch (IOException e) {
            return; // it was only read, and staging has failed for another reason
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
