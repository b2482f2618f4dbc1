package org.mlhpc.harness.bench.staging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.mlhpc.harness.EndedWithUs;

/**
 * A copy by a program of the system.
 *
 * @param command for the shell; {@code $SRC} and {@code $DST} are the folders, and DST exists
 */
record CopyProgram(String label, String command) implements TimedCopy.Way {
    private static final long LIMIT_MINUTES = 30;

    /** Whether the system has all these programs. */
    static boolean have(String... programs) throws IOException {
        for (String program : programs) {
            if (run("command -v " + program, Map.of()).exit() != 0) {
                return false;
            }
        }
        return true;
    }

    private record Ended(int exit, String output) {}

    private static Ended run(String command, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile("mlhpc-copy", ".log");
        var builder = new ProcessBuilder("/bin/sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().remove("LD_PRELOAD");
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var ended = EndedWithUs.watch(process)) {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("'" + command + "' took more than " + LIMIT_MINUTES + " minutes");
            }
            return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while '" + command + "' was running", e);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    @Override
    public void copy(Path source, Path destination) throws IOException {
        Files.createDirectories(destination);
        Ended ended = run(command, Map.of("SRC", source.toString(), "DST", destination.toString()));
        if (ended.exit() != 0) {
            throw new IOException(label + " ended with status " + ended.exit() + ": "
                    + ended.output().strip());
        }
    }

    /** Forces what was written to the device, as our engine does before a file gets its name. */
    static void sync(Path folder) throws IOException {
        Ended ended = run("sync -f \"$DST\"", Map.of("DST", folder.toString()));
        if (ended.exit() != 0) {
            throw new IOException("sync failed: " + ended.output().strip());
        }
    }
}
