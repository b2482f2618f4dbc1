package org.mlhpc.harness.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mlhpc.api.Settings;
import org.mlhpc.harness.EndedWithUs;

/**
 * The training step or the loader of another implementation, a program of its own. It is started anew in each round, reads from its
 * standard input one JSON object with {@code settings}, {@code batch} (samples per step), {@code threads},
 * {@code warm_up} and {@code steps}; {@code batch_file} where the work depends on which samples they are; for a loader {@code data}, the
 * data set, of which a step loads {@code batch} training samples. It prints the seconds of each timed step, one number a line.
 */
public final class ForeignProgram implements Contestant {
    private static final long LIMIT_MINUTES = 20;
    /** Which allocator, how many threads OpenBLAS has, and how long they spin. */
    private static final Set<String> SET_BY_THE_LAUNCHER =
            Set.of("LD_PRELOAD", "OPENBLAS_NUM_THREADS", "OPENBLAS_THREAD_TIMEOUT");

    private final String command;
    private final boolean ownEnvironment;
    private final Task task;

    /**
     * What the program is to do.
     *
     * @param samples samples per step
     * @param name added to the label; empty where there is but one task
     * @param data the data set to load from; empty for training
     * @param batchFile what {@link org.mlhpc.api.Batch#export} has written, if it has
     */
    public record Task(
            String name, Settings settings, int samples, Optional<Path> data, Optional<Path> batchFile, int threads) {
        /** Training steps. */
        public Task(Settings settings, int samples, Optional<Path> batchFile, int threads) {
            this("", settings, samples, Optional.empty(), batchFile, threads);
        }
    }

    /**
     * @param command run by the shell
     * @param ownEnvironment without the allocator and the settings of OpenBLAS that the launcher has given this process
     */
    public ForeignProgram(String command, boolean ownEnvironment, Task task) {
        this.command = command;
        this.ownEnvironment = ownEnvironment;
        this.task = task;
    }

    @Override
    public String label() {
        return "other program" + (ownEnvironment ? "" : ", same environment")
                + (task.name().isEmpty() ? "" : ", " + task.name());
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
        request.put("settings", task.settings().asMap());
        request.put("batch", task.samples());
        task.data().ifPresent(data -> request.put("data", data.toString()));
        task.batchFile().ifPresent(file -> request.put("batch_file", file.toString()));
        request.put("threads", task.threads());
        request.put("warm_up", warmUp);
        request.put("steps", repetitions);
        return new ObjectMapper().writeValueAsBytes(request);
    }

    private void run(byte[] request, Path output, Path errors) throws IOException {
        var builder = new ProcessBuilder("/bin/sh", "-c", command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        if (ownEnvironment) {
            builder.environment().keySet().removeAll(SET_BY_THE_LAUNCHER);
        }
        Process process = builder.start();
        try (var ended = EndedWithUs.watch(process)) {
            send(request, process);
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

    /** A program that ends before it has read everything says why itself, by its status and errors. */
    private static void send(byte[] request, Process process) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(request);
        } catch (IOException e) {
            // The pipe is closed.
        }
    }

    private double[] parse(String text, int repetitions) throws IOException {
        double[] seconds;
        try {
            seconds = text.lines()
                    .mapToDouble(line -> Double.parseDouble(line.strip()) / task.samples())
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
