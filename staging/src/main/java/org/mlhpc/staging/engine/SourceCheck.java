package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.mlhpc.staging.files.SourceFile;

/** Whether a source file still is what it was when the data set was listed. */
final class SourceCheck {
    private SourceCheck() {}

    /** @throws IOException if length or time of change differ */
    static void requireUnchanged(Path root, SourceFile file) throws IOException {
        Path path = root.resolve(file.path());
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        if (now.size() != file.bytes() || now.lastModifiedTime().to(TimeUnit.MICROSECONDS) != file.modifiedMicros()) {
            throw new IOException(path + " changed while it was being staged: stage again when nobody writes to it");
        }
    }

    /** @param crc32c of what was read */
    static boolean matches(SourceFile file, long crc32c) {
        return file.crc32c().isEmpty() || file.crc32c().getAsLong() == crc32c;
    }

    static DamagedSourceException damaged(Path root, SourceFile file, long crc32c) {
        return new DamagedSourceException(String.format(
                "%s is damaged: its CRC-32C is %08x in two readings, but the manifest says %08x; restore the source",
                root.resolve(file.path()), crc32c, file.crc32c().orElseThrow()));
    }
}
