package org.mlhpc.roofline.storage;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mlhpc.api.FileErrors;
import org.mlhpc.roofline.Scratch;

/** A file of random bytes, there for the time of the measurement. */
public final class TestFile implements Closeable {
    /** Large pages, if the allocator asks for them: a direct request in small ones may be cut. */
    private static final int ALIGNMENT = 2 << 20;

    private static final int CHUNK = 1 << 20;
    private static final double NANOSECONDS_PER_SECOND = 1e9;
    private static final long NANOSECONDS_PER_MILLISECOND = 1_000_000;

    private final Scratch scratch;
    private final Path file;
    private final long bytes;

    private TestFile(Scratch scratch, long bytes) {
        this.scratch = scratch;
        this.file = scratch.folder().resolve("file");
        this.bytes = bytes;
    }

    /**
     * Writes the file and waits until it is on the device.
     *
     * @param bytes a multiple of 1 MiB
     * @throws IOException if there is no such folder, no right to write, or less than twice as much space
     */
    public static TestFile create(Path folder, long bytes) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("--path " + folder + " is not a folder: give one on the file system to measure");
        }
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < 2 * bytes) {
            throw new IOException("--path " + folder + " has " + (usable >> 20) + " MiB left, and measuring needs "
                    + ((2 * bytes) >> 20) + " MiB: make room, choose another --path, or try --quick");
        }
        Scratch scratch;
        try {
            scratch = Scratch.in(folder, "mlhpc-roofline");
        } catch (IOException e) {
            throw new IOException(
                    "cannot write to --path " + folder + ": choose another (" + FileErrors.message(e) + ")", e);
        }
        var created = new TestFile(scratch, bytes);
        try {
            created.fill();
        } catch (IOException e) {
            // A quota, too, may only show now.
            try (created) {
                throw new IOException(
                        "cannot fill a file of " + (bytes >> 20) + " MiB in --path " + folder
                                + ": make room there, choose another, or try --quick (" + FileErrors.message(e) + ")",
                        e);
            }
        }
        return created;
    }

    private void fill() throws IOException {
        ByteBuffer chunk = buffer(CHUNK);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long position = 0; position < bytes; position += CHUNK) {
                request(channel, chunk, position, true);
            }
            channel.force(true);
        }
    }

    /**
     * Incompressible, since some file systems compress.
     *
     * @param size at most 2 MiB
     */
    private static ByteBuffer buffer(int size) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 * ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .limit(size)
                .slice();
        var random = new SplittableRandom(size);
        for (int i = 0; i < size; i += Long.BYTES) {
            buffer.putLong(i, random.nextLong());
        }
        return buffer;
    }

    /**
     * Bytes per second of all threads together, by slice of time; one more slice goes before, untimed.
     *
     * @throws IOException if a request fails, or the file system knows no direct requests
     */
    public double[] bytesPerSecond(FileLoad load, int slices, int sliceMillis) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(load.threads());
        try (FileChannel channel = open(load)) {
            var streams = new ArrayList<Stream>();
            for (int i = 0; i < load.threads(); i++) {
                streams.add(new Stream(channel, load, i));
            }
            double[] rates = new double[slices];
            for (int slice = -1; slice < slices; slice++) {
                double rate = slice(streams, threads, sliceMillis);
                if (slice >= 0) {
                    rates[slice] = rate;
                }
            }
            return rates;
        } finally {
            threads.shutdownNow();
        }
    }

    private FileChannel open(FileLoad load) throws IOException {
        var options = new ArrayList<OpenOption>();
        options.add(load.write() ? StandardOpenOption.WRITE : StandardOpenOption.READ);
        if (load.direct()) {
            options.add(ExtendedOpenOption.DIRECT);
        }
        try {
            return FileChannel.open(file, options.toArray(new OpenOption[0]));
        } catch (IOException | UnsupportedOperationException e) {
            throw new IOException("the file system refuses " + load.level() + " requests: " + FileErrors.message(e), e);
        }
    }

    private static double slice(List<Stream> streams, ExecutorService threads, int millis) throws IOException {
        long end = System.nanoTime() + millis * NANOSECONDS_PER_MILLISECOND;
        var pending = new ArrayList<Future<Double>>();
        for (Stream stream : streams) {
            pending.add(threads.submit(() -> stream.rateUntil(end)));
        }
        double sum = 0;
        for (Future<Double> rate : pending) {
            sum += await(rate);
        }
        return sum;
    }

    private static double await(Future<Double> rate) throws IOException {
        try {
            return rate.get();
        } catch (ExecutionException e) {
            throw new IOException("a request failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while measuring storage", e);
        }
    }

    private static void request(FileChannel channel, ByteBuffer buffer, long position, boolean write)
            throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            long at = position + buffer.position();
            if ((write ? channel.write(buffer, at) : channel.read(buffer, at)) < 0) {
                throw new IOException("the file ended early, at " + at);
            }
        }
    }

    /** Reads the whole file once, so that it is in the page cache as far as there is room. */
    public void warm() throws IOException {
        ByteBuffer chunk = buffer(CHUNK);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long position = 0; position < bytes; position += CHUNK) {
                request(channel, chunk, position, false);
            }
        }
    }

    @Override
    public void close() throws IOException {
        scratch.close();
    }

    /** What one thread asks for. */
    private final class Stream {
        private final FileChannel channel;
        private final FileLoad load;
        private final ByteBuffer buffer;
        private final SplittableRandom random;
        private final long first;
        private final long blocks;
        private long next;

        Stream(FileChannel channel, FileLoad load, int number) {
            this.channel = channel;
            this.load = load;
            this.buffer = buffer(load.blockBytes());
            this.random = new SplittableRandom(number);
            this.blocks = bytes / load.blockBytes() / load.threads();
            this.first = number * blocks;
        }

        double rateUntil(long end) throws IOException {
            long begin = System.nanoTime();
            long moved = 0;
            long now;
            do {
                request(channel, buffer, (first + block()) * load.blockBytes(), load.write());
                moved += load.blockBytes();
                now = System.nanoTime();
            } while (now < end);
            return moved * NANOSECONDS_PER_SECOND / (now - begin);
        }

        private long block() {
            return load.random() ? random.nextLong(blocks) : next++ % blocks;
        }
    }
}
