package org.mlhpc.roofline.counters;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the system. */
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

        /** The first thing it said, for messages. */
        String firstLine() {
            return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("exit code " + exitCode);
        }
    }

    /** There is no such program. */
    static final class MissingException extends IOException {
        private static final long serialVersionUID = 1;

        MissingException(String program, IOException cause) {
            super("there is no program " + program + " on the path", cause);
        }
    }

    /** To start a program that prints what its documentation says: words in English and numbers with a point. */
    static ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /** @throws MissingException if there is no such program */
    static Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            String program = builder.command().get(0);
            throw isInstalled(program) ? e : new MissingException(program, e);
        }
    }

    private static boolean isInstalled(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }

    /**
     * Runs a program that ends within seconds.
     *
     * @throws MissingException if there is no such program
     * @throws IOException if it does not end in time, too
     */
    static Output run(List<String> command) throws IOException {
        // Into a file: a program that hangs would keep a pipe open.
        Path printed = Files.createTempFile("mlhpc-tool", ".txt");
        try {
            Process process = start(builder(command).redirectErrorStream(true).redirectOutput(printed.toFile()));
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
