package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.mlhpc.api.FileErrors;
import org.mlhpc.staging.engine.ForwardSchedule.Chunk;
import org.mlhpc.staging.engine.ForwardSchedule.Piece;

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
        ByteBuffer all = parcel.toFill(chunk.bytes());
        for (Piece piece : chunk.pieces()) {
            Path path = root.resolve(piece.file().path());
            try {
                // A file alone in its chunk may use all of it, as direct reads fill whole blocks.
                boolean alone = chunk.pieces().size() == 1;
                read(chunk.stream(), piece, path, alone ? all : all.slice(piece.at(), piece.bytes()));
            } catch (NoSuchFileException e) {
                parcel.fail("cannot stage " + path + ": it is gone");
                return parcel;
            } catch (IOException | RuntimeException | Error e) {
                // A thread that died would leave all nodes waiting.
                parcel.fail("cannot stage " + path + ": " + (e instanceof IOException ? FileErrors.message(e) : e));
                return parcel;
            }
        }
        parcel.seal();
        return parcel;
    }

    private void read(int stream, Piece piece, Path path, ByteBuffer data) throws IOException {
        limit.pass(piece.bytes());
        Blocks in = open.containsKey(stream)
                ? open.remove(stream)
                : Blocks.read(path, direct && CopyEngine.isLarge(piece.file()));
        open.put(stream, in);
        in.read(data, piece.bytes(), piece.offset());
        if (data.remaining() < piece.bytes()) {
            throw new IOException("it is shorter than when the data set was listed");
        }
        if (piece.last()) {
            open.remove(stream);
            in.close();
            SourceCheck.requireUnchanged(root, piece.file());
        }
        traffic.fromSource(piece.bytes());
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
