package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.files.SourceFile;

/** Compares what is at the destination with what should be there. */
public final class Verification {
    /** An error of reading goes away when the file is read again, one of the file does not. */
    private static final int READINGS = 2;

    private Verification() {}

    /** Whether {@code path} has the content that the manifest gives {@code file}, or, if it gives none, the source. */
    static boolean isSame(Path root, Path path, SourceFile file) throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) != file.bytes()) {
            return false;
        }
        return file.crc32c().isPresent()
                ? Manifest.entryOf(path).crc32c() == file.crc32c().getAsLong()
                : Files.mismatch(path, root.resolve(file.path())) < 0;
    }

    /**
     * Reads a file that was just written.
     *
     * @throws IOException if it does not come back as it was, in two readings
     */
    static void requireSame(Path path, Manifest.Entry expected, ByteBuffer buffer, boolean direct) throws IOException {
        for (int reading = 0; reading < READINGS; reading++) {
            if (crc32c(path, expected.bytes(), buffer, direct) == expected.crc32c()) {
                return;
            }
        }
        throw new IOException(
                "the destination does not give back what was written to it, in two readings: its device is failing");
    }

    private static long crc32c(Path path, long bytes, ByteBuffer buffer, boolean direct) throws IOException {
        var crc = new CRC32C();
        try (Blocks in = Blocks.read(path, direct)) {
            for (long done = 0; done < bytes; ) {
                in.read(buffer, (int) Math.min(buffer.capacity(), bytes - done), done);
                if (!buffer.hasRemaining()) {
                    return -1;
                }
                done += buffer.remaining();
                crc.update(buffer);
            }
        }
        return crc.getValue();
    }

    /** Those of the finished files whose content is no longer what was staged, after a second reading; several threads. */
    public static List<String> damaged(Path folder, Map<String, Manifest.Entry> staged, IoOptions options)
            throws IOException {
        var left = new ConcurrentLinkedQueue<>(staged.entrySet());
        var damaged = new ConcurrentLinkedQueue<String>();
        Workers.run("mlhpc-verify", options.workers(), stop -> {
            ByteBuffer buffer = Blocks.buffer(options.chunkBytes());
            for (var next = left.poll(); next != null && !stop.requested(); next = left.poll()) {
                Path path = folder.resolve(next.getKey());
                Manifest.Entry entry = next.getValue();
                boolean same = false;
                for (int reading = 0; reading < READINGS && !same; reading++) {
                    same = isSame(path, entry, buffer, options);
                }
                if (!same) {
                    damaged.add(next.getKey());
                }
            }
        });
        return new ArrayList<>(damaged).stream().sorted().toList();
    }

    private static boolean isSame(Path path, Manifest.Entry expected, ByteBuffer buffer, IoOptions options)
            throws IOException {
        boolean direct = options.direct() && expected.bytes() > options.chunkBytes() && Blocks.readsDirectly(path);
        return Files.isRegularFile(path)
                && Files.size(path) == expected.bytes()
                && crc32c(path, expected.bytes(), buffer, direct) == expected.crc32c();
    }
}
