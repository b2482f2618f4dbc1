package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.files.SourceFile;

/** Writes the files of one stream as their pieces arrive, in a thread of its own. */
final class StreamWriter {
    private final Path root;
    private final Destination destination;
    private final IoOptions options;
    private final boolean direct;
    private final Traffic traffic;
    private final BlockingQueue<Optional<Delivery>> queue = new LinkedBlockingQueue<>();
    private final List<Mismatch> mismatches = new ArrayList<>();
    private final Thread thread = new Thread(this::writeAll, "mlhpc-forward-writer");
    private Optional<ByteBuffer> buffer = Optional.empty();
    private volatile Optional<IOException> failure = Optional.empty();

    /**
     * A file that was not published because its content is wrong.
     *
     * @param onTheWay whether it was changed between the nodes, and not before
     */
    record Mismatch(SourceFile file, boolean onTheWay) {}

    /**
     * Begins to wait for pieces.
     *
     * @param root the data set
     * @param direct whether to write past the page cache
     */
    StreamWriter(Path root, Destination destination, IoOptions options, boolean direct, Traffic traffic) {
        this.root = root;
        this.destination = destination;
        this.options = options;
        this.direct = direct;
        this.traffic = traffic;
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes over the next piece; the number of parcels bounds how many wait. */
    void put(Delivery piece) {
        queue.add(Optional.of(piece));
    }

    /** Waits for what is under way; afterwards {@link #failure} and {@link #mismatches} hold. */
    void finish() throws InterruptedException {
        queue.add(Optional.empty());
        thread.join();
    }

    Optional<IOException> failure() {
        return failure;
    }

    List<Mismatch> mismatches() {
        return mismatches;
    }

    private void writeAll() {
        try {
            for (Optional<Delivery> next = queue.take(); next.isPresent(); next = queue.take()) {
                accept(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** After a failure pieces are thrown away, so that the broadcasts go on until all nodes know. */
    private void accept(Delivery first) {
        if (failure.isPresent()) {
            first.release().run();
            return;
        }
        try (var arriving = new ArrivingFile(first, this::take)) {
            write(first.file(), destination.newPartial(), arriving);
        } catch (IOException | RuntimeException | Error e) {
            // A thread that died would keep its parcels, and all nodes would wait for them.
            failure = Optional.of(StagingFailure.of(root, first.file(), destination.folder(), e));
        }
    }

    private void write(SourceFile file, Path partial, ArrivingFile arriving) throws IOException {
        long begin = System.nanoTime();
        Optional<Manifest.Entry> staged = arrived(file, partial, arriving);
        if (staged.isEmpty()) {
            Files.deleteIfExists(partial);
            mismatches.add(new Mismatch(file, !arriving.isIntact()));
            return;
        }
        if (options.readBack()) {
            Verification.requireSame(partial, staged.get(), buffer(), direct && CopyEngine.isLarge(file));
        }
        destination.complete(file, partial, staged.get());
        traffic.finished(file.path(), file.bytes(), begin);
    }

    /** Empty if what has come is not what should have. */
    private Optional<Manifest.Entry> arrived(SourceFile file, Path partial, ArrivingFile arriving) throws IOException {
        Manifest.Entry staged;
        try {
            boolean packed = options.unpack() && Gunzip.isPacked(arriving.beginning());
            staged =
                    packed ? Gunzip.unpack(arriving, partial, buffer(), traffic) : writeAsItIs(file, partial, arriving);
            arriving.toTheEnd();
        } catch (DamagedSourceException e) {
            arriving.toTheEnd();
            if (arriving.isRight(file)) {
                throw e;
            }
            return Optional.empty();
        }
        return arriving.isRight(file) ? Optional.of(staged) : Optional.empty();
    }

    private Manifest.Entry writeAsItIs(SourceFile file, Path partial, ArrivingFile arriving) throws IOException {
        boolean directly = direct && CopyEngine.isLarge(file);
        long position = 0;
        try (Blocks out = Blocks.write(partial, directly)) {
            for (ByteBuffer data = arriving.data(); position < file.bytes(); data = arriving.next()) {
                out.write(data, position);
                position += data.remaining();
                if (position == file.bytes()) {
                    break;
                }
            }
            if (directly) {
                out.truncate(file.bytes());
            }
        }
        traffic.written(file.bytes());
        return new Manifest.Entry(file.bytes(), arriving.crc32c());
    }

    /** One for all files of the stream: memory outside the heap is slow to come back. */
    private ByteBuffer buffer() {
        ByteBuffer own = buffer.orElseGet(() -> Blocks.buffer(options.chunkBytes()));
        buffer = Optional.of(own);
        return own;
    }

    private Delivery take() throws IOException {
        try {
            Optional<Delivery> next = queue.take();
            if (next.isEmpty()) {
                queue.add(next); // for the thread's own loop
                throw new IOException("staging was stopped");
            }
            return next.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while staging", e);
        }
    }
}
