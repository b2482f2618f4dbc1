package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system that ends within seconds. */
final class Tool {
    private static final long LIMIT_SECONDS = 10;

    private Tool() {}

    /**
     * What a program printed.
     *
     * @param text standard output and error
     */
    record Output(int exitCode, String text) {
        List<String> lines() {
            return text.lines().toList();
        }
    }

    /** @throws IOException if there is no such program, or it does not end in time */
    static Output run(List<String> command) throws IOException {
        // Into a file: a program that hangs would keep a pipe open.
        Path printed = Files.createTempFile("mlhpc-tool", ".txt");
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command.get(0) + " did not end within " + LIMIT_SECONDS + " s");
            }
            return new Output(process.exitValue(), Files.readString(printed, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.get(0) + " ran", e);
        } finally {
            Files.deleteIfExists(printed);
        }
    }
}
