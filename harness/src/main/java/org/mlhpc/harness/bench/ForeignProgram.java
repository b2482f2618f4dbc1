package org.mlhpc.harness.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import org.mlhpc.api.Settings;

/**
 * The training step of another implementation, a program of its own. It is started anew in each round, reads from its
 * standard input one JSON object with {@code settings}, {@code batch} (samples per step), {@code threads},
 * {@code warm_up} and {@code steps}, and prints the seconds of each timed step, one number a line.
 */
public final class ForeignProgram implements Contestant {
    private static final long LIMIT_MINUTES = 20;

    private final String command;
    private final boolean ownAllocator;
    private final Settings settings;
    private final int batch;
    private final int threads;

    /**
     * @param command run by the shell
     * @param ownAllocator without the allocator that the launcher has preloaded for this process
     * @param batch samples per step
     */
    public ForeignProgram(String command, boolean ownAllocator, Settings settings, int batch, int threads) {
        this.command = command;
        this.ownAllocator = ownAllocator;
        this.settings = settings;
        this.batch = batch;
        this.threads = threads;
    }

    @Override
    public String label() {
        return ownAllocator ? "other program" : "other program, same allocator";
    }

    @Override
    public double[] secondsPerSample(int warmUp, int repetitions) throws IOException {
        Path errors = Files.createTempFile("mlhpc-bench", ".log");
        Path output = Files.createTempFile("mlhpc-bench", ".txt");
        try {
            run(request(warmUp, repetitions), output, errors);
            return parse(Files.readString(output), repetitions);
        } finally {
            Files.delete(errors);
            Files.delete(output);
        }
    }

    private byte[] request(int warmUp, int repetitions) throws IOException {
        var request = new LinkedHashMap<String, Object>();
        request.put("settings", settings.asMap());
        request.put("batch", batch);
        request.put("threads", threads);
        request.put("warm_up", warmUp);
        request.put("steps", repetitions);
        return new ObjectMapper().writeValueAsBytes(request);
    }

    private void run(byte[] request, Path output, Path errors) throws IOException {
        var builder = new ProcessBuilder("/bin/sh", "-c", command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        if (ownAllocator) {
            builder.environment().remove("LD_PRELOAD");
        }
        Process process = builder.start();
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(request);
            }
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("'" + command + "' took more than " + LIMIT_MINUTES + " minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while '" + command + "' was running", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("'" + command + "' ended with status " + process.exitValue() + ": "
                    + Files.readString(errors, StandardCharsets.UTF_8).strip());
        }
    }

    private double[] parse(String text, int repetitions) throws IOException {
        double[] seconds;
        try {
            seconds = text.lines()
                    .mapToDouble(line -> Double.parseDouble(line.strip()) / batch)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IOException("'" + command + "' should print numbers alone: " + e.getMessage(), e);
        }
        if (seconds.length != repetitions || Arrays.stream(seconds).anyMatch(value -> !(value > 0))) {
            throw new IOException(
                    "'" + command + "' should print the seconds of " + repetitions + " steps, but printed: " + text);
        }
        return seconds;
    }

    @Override
    public void close() {}
}
