package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of two ranks that were asked for what is not possible: one rank says so, and nothing is begun. */
class RefusedJobIT {
    private static final String OUT = "out";

    @TempDir
    private Path own;

    private void assertRefused(String words, String... options) throws Exception {
        var command = new ArrayList<>(List.of("run", "cosmoflow", "--ranks", "2", "--out", OUT));
        command.addAll(List.of(options));
        Path cache = own.resolve("cache");

        LauncherJob job = LauncherJob.start(own, Map.of("XDG_CACHE_HOME", cache.toString()), command);

        assertEquals(2, job.await(), job.output());
        assertEquals(2, job.output().split(words, -1).length, job.output());
        assertFalse(Files.exists(cache), "data were made");
    }

    @Test
    void unknownSettings() throws Exception {
        assertRefused("unknown setting", "--set", "nosuch=1");
        assertFalse(Files.exists(own.resolve(OUT)));
    }

    @Test
    void aBatchThatDoesNotSuitTheRanks() throws Exception {
        assertRefused("choose a multiple of 2", "--set", "global_batch_size=5");
        assertFalse(Files.exists(own.resolve(OUT)));
    }

    @Test
    void whatTheClosedDivisionForbids() throws Exception {
        assertRefused("--division closed is not possible", "--division", "closed");
        assertFalse(Files.exists(own.resolve(OUT)));
    }

    @Test
    void aRunThatIsThereAlready() throws Exception {
        Files.writeString(Files.createDirectories(own.resolve(OUT)).resolve("result_0.txt"), "");
        assertRefused("result_0.txt exists already");
    }
}
