package org.mlhpc.harness.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
    private static final Sweep.Setting SETTING =
            new Sweep.Setting(2, 3, Map.of("sample_size", "32", "global_batch_size", "8"), Optional.of(2e7), 1);

    @TempDir
    private Path folder;

    private Path launcher(String body) throws IOException {
        Path file = folder.resolve("launcher");
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    @Test
    void runsDifferInNameAndArguments() {
        assertEquals("2x3_global_batch_size-8_sample_size-32_limit-20000000", SETTING.name());
        assertEquals("1x2_repetition-3", new Sweep.Setting(1, 2, Map.of(), Optional.empty(), 3).name());
        assertEquals(
                List.of(
                        "mlhpc",
                        "run",
                        "cosmoflow",
                        "--profile",
                        "--ranks",
                        "2",
                        "--out",
                        "out",
                        "--set",
                        "global_batch_size=8",
                        "--set",
                        "sample_size=32",
                        "--limit-storage",
                        "20000000B/s"),
                new Sweep(Path.of("mlhpc"), List.of("cosmoflow")).command(SETTING, Path.of("out")));
    }

    @Test
    void startsTheLauncherWithTheThreads() throws IOException {
        Path log = folder.resolve("log");
        new Sweep(
                        launcher("echo \"$OMP_NUM_THREADS $1 $2\"; echo >" + folder.resolve("run.json") + "; exit 1"),
                        List.of("cosmoflow"))
                .run(SETTING, folder, log);
        assertEquals("3 run cosmoflow\n", Files.readString(log));
    }

    @Test
    void failureNamesRunAndLog() throws IOException {
        Path log = folder.resolve("log");
        var sweep = new Sweep(launcher("exit 3"), List.of("cosmoflow"));
        var thrown = assertThrows(IOException.class, () -> sweep.run(SETTING, folder.resolve("out"), log));
        assertTrue(thrown.getMessage().contains(SETTING.name()), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(log.toString()), thrown.getMessage());
    }
}
