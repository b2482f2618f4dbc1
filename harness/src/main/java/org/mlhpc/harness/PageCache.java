package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's cache of file contents. */
public final class PageCache {
    private static final Path CONTROL = Path.of("/proc/sys/vm/drop_caches");

    private PageCache() {}

    /** Drops what is clean; false where this process may not. */
    public static boolean drop() {
        try {
            Files.writeString(CONTROL, "1\n");
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
