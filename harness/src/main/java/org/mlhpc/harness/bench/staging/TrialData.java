package org.mlhpc.harness.bench.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Progress;

/** Files with random content, without holes, and their manifest. */
final class TrialData {
    private static final int BUFFER_BYTES = 1 << 20;

    private TrialData() {}

    static void write(Path folder, List<FileSizes.Entry> files, Progress progress) throws IOException {
        var entries = new TreeMap<String, Manifest.Entry>();
        var random = new SplittableRandom(1);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.nativeOrder());
        for (FileSizes.Entry file : files) {
            Path path = folder.resolve(file.path());
            Files.createDirectories(path.resolveSibling(""));
            entries.put(file.path(), write(path, file.bytes(), buffer, random));
            progress.report(entries.size(), files.size(), "files");
        }
        new Manifest(new TreeMap<>(), entries).write(folder);
    }

    private static Manifest.Entry write(Path path, long bytes, ByteBuffer buffer, SplittableRandom random)
            throws IOException {
        var crc = new CRC32C();
        try (var out = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long done = 0; done < bytes; ) {
                buffer.clear();
                for (int i = 0; i < buffer.capacity(); i += Long.BYTES) {
                    buffer.putLong(i, random.nextLong());
                }
                buffer.limit((int) Math.min(buffer.capacity(), bytes - done));
                crc.update(buffer.duplicate());
                done += buffer.remaining();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        }
        return new Manifest.Entry(bytes, crc.getValue());
    }
}
