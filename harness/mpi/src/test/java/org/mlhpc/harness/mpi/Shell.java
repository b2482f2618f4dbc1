package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs, none of them for longer than {@link #LIMIT}.
 *
 * @param folder where they work
 * @param environment variables beside those of this process
 */
record Shell(Path folder, Map<String, String> environment) {
    static final Duration LIMIT = Duration.ofMinutes(10);

    Shell {
        environment = Map.copyOf(environment);
    }

    /** How a command ended, and what it said. */
    record Ended(int code, String output) {
        /** Says what the command said if it ended with another code. */
        void assertCode(int expected) {
            assertEquals(expected, code, output);
        }
    }

    /** With a variable more. */
    Shell with(String name, String value) {
        var more = new HashMap<>(environment);
        more.put(name, value);
        return new Shell(folder, more);
    }

    /** Output of a command that is expected to succeed. */
    String run(String... command) throws IOException, InterruptedException {
        Ended ended = end(List.of(command));
        assertEquals(0, ended.code(), () -> String.join(" ", command) + ": " + ended.output());
        return ended.output().strip();
    }

    /** Runs a command to its end, however that is. */
    Ended end(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "command", ".log");
        // A file, since the daemons keep the output of what started them open.
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().remove("MAVEN_HOME");
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            destroy(process);
            throw new AssertionError(String.join(" ", command) + " hangs: " + Files.readString(output));
        }
        var ended = new Ended(process.exitValue(), Files.readString(output));
        Files.delete(output);
        return ended;
    }

    /** With all that it has started, such as ranks, which would go on without it. */
    static void destroy(Process process) {
        // Listed first: they are nobody's descendants once their parent is gone.
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
