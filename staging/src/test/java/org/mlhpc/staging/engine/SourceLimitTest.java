package org.mlhpc.staging.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceLimitTest {
    @TempDir
    private Path folder;

    @Test
    void allWhoNameTheSameFileShareTheRate() throws IOException {
        SourceLimit one = SourceLimit.shared(folder.resolve("limit"), 10e6);
        SourceLimit other = SourceLimit.shared(folder.resolve("limit"), 10e6);

        long begin = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            one.pass(100_000);
            other.pass(100_000);
        }
        double seconds = (System.nanoTime() - begin) * 1e-9;

        // 2 MB at 10 MB/s; nothing bounds from above how long a busy machine takes.
        assertTrue(seconds >= 0.2, seconds + " s");
    }
}
