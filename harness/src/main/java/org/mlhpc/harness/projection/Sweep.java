package org.mlhpc.harness.projection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.harness.EndedWithUs;

/** Short profiled runs that differ in what a roofline needs told apart: each a process of its own, one after the other. */
public final class Sweep {
    private final Path launcher;
    private final List<String> common;

    /**
     * One run.
     *
     * @param settings changed settings by key, the batch size among them
     * @param storageLimit bytes per second; empty without
     * @param repetition from 1
     */
    public record Setting(
            int ranks, int threads, Map<String, String> settings, Optional<Double> storageLimit, int repetition) {
        /** Distinguishes it from the others of a sweep, and names its folder. */
        public String name() {
            var parts = new ArrayList<String>();
            parts.add(ranks + "x" + threads);
            new TreeMap<>(settings).forEach((key, value) -> parts.add(key + "-" + value));
            storageLimit.ifPresent(limit -> parts.add(String.format(Locale.ROOT, "limit-%.0f", limit)));
            if (repetition > 1) {
                parts.add("repetition-" + repetition);
            }
            return String.join("_", parts).replaceAll("[^A-Za-z0-9._-]", "-");
        }
    }

    /**
     * @param launcher the program that users call
     * @param common arguments that all runs share, workload first
     */
    public Sweep(Path launcher, List<String> common) {
        this.launcher = launcher;
        this.common = List.copyOf(common);
    }

    /**
     * Makes one run into {@code folder}; its output goes to {@code log}.
     *
     * @throws IOException if it fails; the message names the log
     */
    public void run(Setting setting, Path folder, Path log) throws IOException {
        var process = new ProcessBuilder(command(setting, folder))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        process.environment().put("OMP_NUM_THREADS", Integer.toString(setting.threads));
        Process running = process.start();
        try (var ended = EndedWithUs.watch(running)) {
            int status = running.waitFor();
            // A run of few steps misses its target, which is 1.
            if (status > 1 || !Files.exists(folder.resolve("run.json"))) {
                throw new IOException("run " + setting.name() + " ended with status " + status + "; see " + log);
            }
        } catch (InterruptedException e) {
            running.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during " + setting.name(), e);
        }
    }

    List<String> command(Setting setting, Path folder) {
        var command = new ArrayList<String>(List.of(launcher.toString(), "run"));
        command.addAll(common);
        command.addAll(List.of("--profile", "--ranks", Integer.toString(setting.ranks), "--out", folder.toString()));
        new TreeMap<>(setting.settings).forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        setting.storageLimit.ifPresent(
                limit -> command.addAll(List.of("--limit-storage", String.format(Locale.ROOT, "%.0fB/s", limit))));
        return command;
    }
}
