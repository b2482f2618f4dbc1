package org.mlhpc.slurm.throwaway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ShellTest {
    private static final int LIMIT_SECONDS = 20;

    @Test
    void whatAHangingCommandHasStartedEndsWithIt()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Process process = new ProcessBuilder("bash", "-c", "sleep 60 & echo $!; wait").start();
        try (var said = process.inputReader()) {
            long started = Long.parseLong(said.readLine());
            ProcessHandle child = ProcessHandle.of(started).orElseThrow();

            Shell.destroy(process);

            child.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertEquals(128 + 9, process.waitFor());
        }
    }
}
