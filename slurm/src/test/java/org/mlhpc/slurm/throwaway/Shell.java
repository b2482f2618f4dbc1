package org.mlhpc.slurm.throwaway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs.
 *
 * @param folder where they work
 * @param environment variables beside those of this process
 * @param limit of each of them
 */
public record Shell(Path folder, Map<String, String> environment, Duration limit) {
    public Shell {
        environment = Map.copyOf(environment);
    }

    /** How a command ended, and what it said. */
    public record Ended(int code, String output) {
        /** Says what the command said if it ended with another code. */
        public void assertCode(int expected) {
            assertEquals(expected, code, output);
        }
    }

    /** Skips the test where a program is missing, which these packages of Debian have. */
    public static void assumePrograms(String packages, String... programs) throws IOException, InterruptedException {
        for (String program : programs) {
            int missing = new ProcessBuilder("sh", "-c", "PATH=$PATH:/usr/sbin:/sbin command -v " + program)
                    .start()
                    .waitFor();
            assumeTrue(missing == 0, program + " is missing (Debian: " + packages + ")");
        }
    }

    /** With a variable more. */
    public Shell with(String name, String value) {
        return with(Map.of(name, value));
    }

    /** With more variables. */
    public Shell with(Map<String, String> further) {
        var all = new HashMap<>(environment);
        all.putAll(further);
        return new Shell(folder, all, limit);
    }

    /** Output of a command that is expected to succeed. */
    public String run(String... command) throws IOException, InterruptedException {
        Ended ended = end(List.of(command));
        assertEquals(0, ended.code(), () -> String.join(" ", command) + ": " + ended.output());
        return ended.output().strip();
    }

    /** Runs a command to its end, however that is. */
    public Ended end(List<String> command) throws IOException, InterruptedException {
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
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
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
