package org.mlhpc.staging.plan;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialFileTest {
    @TempDir
    private Path folder;

    @Test
    void removesWhatAKilledProcessLeftAndNothingElse() throws IOException, InterruptedException {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Path own = TrialFile.create(folder);
        String pid = Long.toString(ProcessHandle.current().pid());
        Path left = rename(own, pid, Long.toString(gone.pid()));
        Path elsewhere = Files.createFile(folder.resolve(".mlhpc-probe-other-boot-" + gone.pid() + "-1.tmp"));
        Path living = TrialFile.create(folder);
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(elsewhere));
        TrialFile.removeLeftovers(folder);
        assertTrue(Files.exists(living));
    }

    private static Path rename(Path file, String from, String to) throws IOException {
        String name = String.valueOf(file.getFileName()).replace("-" + from + "-", "-" + to + "-");
        return Files.move(file, file.resolveSibling(name));
    }
}
