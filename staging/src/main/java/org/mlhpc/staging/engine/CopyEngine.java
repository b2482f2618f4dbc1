package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.zip.CRC32C;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.files.Dealing;
import org.mlhpc.staging.files.SourceFile;

/**
 * Copies files with several workers, each with one buffer: reads a chunk, updates the checksum, writes the chunk. Files
 * larger than a segment are copied by several workers at once.
 */
public final class CopyEngine {
    /** Below, waiting for the device costs more than the copy in memory that direct I/O saves. */
    private static final long LEAST_DIRECT_BYTES = 1 << 20;

    private static final int SMALL_FILES = 2;

    private final Path root;
    private final Destination destination;
    private final IoOptions options;
    private final SourceLimit limit;
    private final Traffic traffic;
    private final Queue<CopyTask.Segment> queue = new ArrayDeque<>();
    private int bufferBytes;
    private boolean readDirectly;
    private boolean writeDirectly;

    /** @param root the data set */
    public CopyEngine(Path root, Destination destination, IoOptions options, SourceLimit limit, Traffic traffic) {
        this.root = root;
        this.destination = destination;
        this.options = options;
        this.limit = limit;
        this.traffic = traffic;
    }

    /**
     * Copies the files and returns when each has its name and is in the journal.
     *
     * @throws IOException if one cannot be copied, is damaged or changes meanwhile; what was finished stays finished
     */
    public void copy(List<SourceFile> files) throws IOException {
        List<SourceFile> missing = Dealing.largestFirst(files);
        chooseIo(missing);
        for (SourceFile file : missing) {
            queue.addAll(new CopyTask(file, destination.newPartial(), options.unpack()).segments());
        }
        int workers = Math.min(workers(missing), queue.size());
        bufferBytes = missing.isEmpty() ? 0 : bufferBytes(missing.get(0));
        destination.publishWhat(() -> Workers.run("mlhpc-staging", workers, this::work));
    }

    /** Small files keep a device busy only if more of them are under way; their buffers are small too. */
    private int workers(List<SourceFile> largestFirst) {
        boolean small = !largestFirst.isEmpty() && !isLarge(largestFirst.get(0));
        return small ? SMALL_FILES * options.workers() : options.workers();
    }

    private int bufferBytes(SourceFile largest) {
        return (int) Math.max(Blocks.ALIGNMENT, Math.min(options.chunkBytes(), Blocks.aligned(largest.bytes())));
    }

    private void chooseIo(List<SourceFile> largestFirst) throws IOException {
        if (options.direct() && !largestFirst.isEmpty() && isLarge(largestFirst.get(0))) {
            readDirectly = Blocks.readsDirectly(root.resolve(largestFirst.get(0).path()));
            writeDirectly = destination.writesDirectly();
        }
    }

    static boolean isLarge(SourceFile file) {
        return file.bytes() >= LEAST_DIRECT_BYTES;
    }

    private Optional<CopyTask.Segment> next() {
        synchronized (queue) {
            return Optional.ofNullable(queue.poll());
        }
    }

    private void work(Workers.Stop stop) throws IOException {
        ByteBuffer buffer = Blocks.buffer(bufferBytes);
        for (Optional<CopyTask.Segment> next = next(); next.isPresent() && !stop.requested(); next = next()) {
            CopyTask.Segment segment = next.get();
            CopyTask task = segment.task();
            task.begins();
            try {
                copy(segment, buffer);
            } catch (IOException e) {
                IOException failure = StagingFailure.of(root, task.file(), destination.folder(), e);
                throw FileErrors.afterRemoving(task.partial(), failure);
            }
        }
    }

    private void copy(CopyTask.Segment segment, ByteBuffer buffer) throws IOException {
        CopyTask task = segment.task();
        if (options.unpack() && Gunzip.isPacked(root.resolve(task.file().path()))) {
            Manifest.Entry staged = Gunzip.copy(root, task.file(), task.partial(), buffer, limit, traffic);
            finish(task, staged, buffer);
        } else if (options.unpack()) {
            long crc = copyWhole(task, buffer);
            finish(task, checked(task, crc, buffer), buffer);
        } else if (task.finish(segment, copyBytes(task, segment.offset(), segment.bytes(), buffer))) {
            finish(task, checked(task, task.crc32c(), buffer), buffer);
        }
    }

    private long copyWhole(CopyTask task, ByteBuffer buffer) throws IOException {
        return copyBytes(task, 0, task.file().bytes(), buffer);
    }

    /** Returns the CRC-32C of the part. */
    private long copyBytes(CopyTask task, long offset, long bytes, ByteBuffer buffer) throws IOException {
        var crc = new CRC32C();
        boolean large = isLarge(task.file());
        try (Blocks in = Blocks.read(root.resolve(task.file().path()), readDirectly && large);
                Blocks out = Blocks.write(task.partial(), writeDirectly && large)) {
            for (long done = 0; done < bytes; ) {
                int chunk = (int) Math.min(buffer.capacity(), bytes - done);
                limit.pass(chunk);
                in.read(buffer, chunk, offset + done);
                if (buffer.remaining() < chunk) {
                    throw new IOException("it is shorter than when the data set was listed");
                }
                crc.update(buffer.duplicate());
                out.write(buffer, offset + done);
                traffic.fromSource(chunk);
                done += chunk;
            }
            if (writeDirectly && large && offset + bytes == task.file().bytes()) {
                out.truncate(task.file().bytes());
            }
        }
        traffic.written(bytes);
        return crc.getValue();
    }

    /** Reads again what does not match the manifest, since the error may be one of reading. */
    private Manifest.Entry checked(CopyTask task, long crc, ByteBuffer buffer) throws IOException {
        long found = crc;
        if (!SourceCheck.matches(task.file(), found)) {
            found = copyWhole(task, buffer);
        }
        SourceCheck.requireUnchanged(root, task.file());
        if (!SourceCheck.matches(task.file(), found)) {
            throw SourceCheck.damaged(root, task.file(), found);
        }
        return new Manifest.Entry(task.file().bytes(), found);
    }

    private void finish(CopyTask task, Manifest.Entry staged, ByteBuffer buffer) throws IOException {
        if (options.readBack()) {
            Verification.requireSame(task.partial(), staged, buffer, writeDirectly && isLarge(task.file()));
        }
        destination.complete(task.file(), task.partial(), staged);
        traffic.finished(task.file().path(), task.file().bytes(), task.beginNanos());
    }
}
