package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many processors and cores the launcher plans with. */
class LauncherProcessorsTest {
    @TempDir
    private Path elsewhere;

    /** A core for each two processors. */
    private void describe(int processors) throws IOException {
        for (int i = 0; i < processors; i++) {
            Path topology = Files.createDirectories(elsewhere.resolve("sys/devices/system/cpu/cpu" + i + "/topology"));
            Files.writeString(topology.resolve("thread_siblings_list"), i / 2 * 2 + "-" + (i / 2 * 2 + 1) + "\n");
        }
    }

    private String counted(String allowed) throws Exception {
        return LauncherShell.run(
                elsewhere,
                "common.sh",
                "MLHPC_SYS=$PWD/sys; allowed_processors() { printf '%s\n' " + allowed
                        + "; }; processor_quota() { echo 0; }; count_processors");
    }

    /** As in virtual machines that processors can be added to. */
    @Test
    void processorsThatAreNotThereDoNotCount() throws Exception {
        describe(4);
        Files.createDirectories(elsewhere.resolve("sys/devices/system/cpu/cpu4"));
        assertEquals("4 2\n", counted("{0..127}"));
        assertEquals("3 2\n", counted("0 2 3"));
    }

    @Test
    void withoutAnyDescriptionEachIsACore() throws Exception {
        assertEquals("3 3\n", counted("0 2 3"));
    }
}
