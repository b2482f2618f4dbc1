package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.api.Settings;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;

/** A complete run that a sweep finds in the folder of one of its settings. */
record MadeRun(Path folder, RunRecord record) {
    private static final String MAX_STEPS = "--max-steps";

    /**
     * Empty if there is none, or one that was interrupted.
     *
     * @throws IOException if its record cannot be read
     */
    static Optional<MadeRun> in(Path folder) throws IOException {
        Path record = folder.resolve("run.json");
        return Files.exists(folder.resolve("result_0.txt")) && Files.exists(record)
                ? Optional.of(new MadeRun(folder, RunRecordFile.read(record)))
                : Optional.empty();
    }

    /**
     * Looks whether it is what a new run would be.
     *
     * @throws IllegalArgumentException if it is not; the message says in what, and what to do
     */
    void requireSame(String workload, String configuration, Settings settings, int steps) {
        require("workload", workload, record.workload());
        require("--config", configuration, record.configuration());
        require(MAX_STEPS, Integer.toString(steps), argument(record.suite().command(), MAX_STEPS));
        Map<String, String> found = record.settings();
        new TreeMap<>(settings.asMap())
                .forEach((key, value) -> require(key, value, found.getOrDefault(key, "(not recorded)")));
    }

    private void require(String what, String wanted, String found) {
        if (!wanted.equals(found)) {
            throw new IllegalArgumentException(folder + " holds a run with " + what + " " + found + ", not " + wanted
                    + ": choose another --out, or remove this folder to repeat it");
        }
    }

    private static String argument(List<String> command, String option) {
        int index = command.indexOf(option);
        return index >= 0 && index + 1 < command.size() ? command.get(index + 1) : "(not given)";
    }
}
