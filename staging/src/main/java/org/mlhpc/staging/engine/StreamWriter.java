package org.mlhpc.staging.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.CRC32C;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.engine.ForwardSchedule.Chunk;
import org.mlhpc.staging.files.SourceFile;

/** Writes the files of one stream as their chunks arrive, in a thread of its own. */
final class StreamWriter {
    private final Destination destination;
    private final IoOptions options;
    private final boolean direct;
    private final Traffic traffic;
    private final BlockingQueue<Optional<Delivery>> queue = new LinkedBlockingQueue<>();
    private final List<SourceFile> mismatched = new ArrayList<>();
    private final Thread thread = new Thread(this::writeAll, "mlhpc-forward-writer");
    private volatile Optional<IOException> failure = Optional.empty();

    private record Delivery(Chunk chunk, Parcel parcel) {}

    /** @param direct whether to write past the page cache */
    StreamWriter(Destination destination, IoOptions options, boolean direct, Traffic traffic) {
        this.destination = destination;
        this.options = options;
        this.direct = direct;
        this.traffic = traffic;
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes over a chunk and its parcel; the number of parcels bounds how many wait. */
    void put(Chunk chunk, Parcel parcel) {
        queue.add(Optional.of(new Delivery(chunk, parcel)));
    }

    /** Waits for what is under way; afterwards {@link #failure} and {@link #mismatched} hold. */
    void finish() throws InterruptedException {
        queue.add(Optional.empty());
        thread.join();
    }

    Optional<IOException> failure() {
        return failure;
    }

    /** Files whose content is not what the manifest says. */
    List<SourceFile> mismatched() {
        return mismatched;
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

    /** After a failure chunks are thrown away, so that the broadcasts go on until all nodes know. */
    private void accept(Delivery first) throws InterruptedException {
        if (failure.isPresent()) {
            first.parcel().release();
            return;
        }
        SourceFile file = first.chunk().file();
        Path partial = destination.newPartial();
        try (var chunks = new Chunks(first)) {
            write(file, partial, chunks);
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            String fix = reason.contains("No space left") || reason.contains("quota")
                    ? "; what is finished stays: free space and stage again"
                    : "";
            failure = Optional.of(new IOException(
                    "cannot write " + destination.folder().resolve(file.path()) + ": " + reason + fix, e));
        }
    }

    private void write(SourceFile file, Path partial, Chunks chunks) throws IOException {
        long begin = System.nanoTime();
        boolean packed = options.unpack() && Gunzip.isPacked(chunks.beginning());
        Manifest.Entry staged = packed ? unpack(chunks, partial) : writeAsItIs(file, partial, chunks);
        if (!SourceCheck.matches(file, chunks.crc.getValue())) {
            Files.delete(partial);
            mismatched.add(file);
            return;
        }
        if (options.readBack()) {
            ByteBuffer buffer = Blocks.buffer(options.chunkBytes());
            Verification.requireSame(partial, staged, buffer, direct && CopyEngine.isLarge(file));
        }
        destination.complete(file, partial, staged);
        traffic.finished(file.path(), file.bytes(), begin);
    }

    private Manifest.Entry writeAsItIs(SourceFile file, Path partial, Chunks chunks) throws IOException {
        boolean directly = direct && CopyEngine.isLarge(file);
        long position = 0;
        try (Blocks out = Blocks.write(partial, directly)) {
            for (ByteBuffer data = chunks.data(); position < file.bytes(); data = chunks.next()) {
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
        chunks.toTheEnd();
        traffic.written(file.bytes());
        return new Manifest.Entry(file.bytes(), chunks.crc.getValue());
    }

    private Manifest.Entry unpack(Chunks chunks, Path partial) throws IOException {
        Manifest.Entry staged = Gunzip.unpack(chunks, partial, Blocks.buffer(options.chunkBytes()), traffic);
        chunks.toTheEnd();
        return staged;
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

    /** The chunks of one file; as a stream too. Closing takes what is left of the file. */
    private final class Chunks extends InputStream {
        private final CRC32C crc = new CRC32C();
        private Delivery current;
        private ByteBuffer rest;
        private boolean holding = true;

        Chunks(Delivery first) {
            current = first;
            rest = received(first);
        }

        private ByteBuffer received(Delivery delivery) {
            ByteBuffer data = delivery.parcel().data().duplicate();
            crc.update(data.duplicate());
            return data;
        }

        ByteBuffer data() {
            return rest;
        }

        byte[] beginning() {
            byte[] bytes = new byte[Math.min(2, rest.remaining())];
            rest.duplicate().get(bytes);
            return bytes;
        }

        ByteBuffer next() throws IOException {
            close();
            current = take();
            holding = true;
            rest = received(current);
            return rest;
        }

        void toTheEnd() throws IOException {
            while (!current.chunk().last()) {
                next();
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            while (!rest.hasRemaining()) {
                if (current.chunk().last()) {
                    return -1;
                }
                next();
            }
            int n = Math.min(length, rest.remaining());
            rest.get(bytes, offset, n);
            return n;
        }

        @Override
        public int available() {
            return rest.remaining();
        }

        @Override
        public void close() {
            if (holding) {
                holding = false;
                current.parcel().release();
            }
        }
    }
}
