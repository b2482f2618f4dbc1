package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndedWithUsTest {
    private static final int LIMIT_SECONDS = 30;
    /** As where these tests run. */
    private static final String JAVA = ProcessHandle.current().info().command().orElse("java");

    /** A process that waits for a shell, which waits for a program that would take minutes. */
    static final class Waiting {
        private Waiting() {}

        public static void main(String[] arguments) throws Exception {
            Process shell = new ProcessBuilder("/bin/sh", "-c", "sleep 300 & echo $! $$; wait").start();
            try (var ended = EndedWithUs.watch(shell)) {
                if (arguments.length > 0) {
                    ended.close();
                }
                // From here on it may be told to end.
                System.out.println(shell.inputReader().readLine());
                shell.waitFor();
            }
        }
    }

    private static List<ProcessHandle> startAndEnd(String... arguments) throws Exception {
        var command =
                new ArrayList<>(List.of(JAVA, "-cp", System.getProperty("java.class.path"), Waiting.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String[] pids = output.readLine().split(" ", -1);
            process.destroy();
            assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
            return List.of(pids).stream()
                    .map(Long::parseLong)
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .toList();
        }
    }

    @Test
    void whatAnEndedProcessHasStartedEndsToo() throws Exception {
        for (ProcessHandle program : startAndEnd()) {
            program.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Otherwise the test above would prove nothing. */
    @Test
    void whatIsNotWatchedAnyMoreGoesOn() throws Exception {
        List<ProcessHandle> programs = startAndEnd("closed");
        assertFalse(programs.isEmpty());
        for (ProcessHandle program : programs) {
            assertTrue(program.isAlive());
            program.destroy();
        }
    }
}
