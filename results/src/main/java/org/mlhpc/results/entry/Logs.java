package org.mlhpc.results.entry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.RunResult;
import org.mlhpc.results.RunResultReader;
import org.mlhpc.roofline.WholeFile;

/** Reads logs on all cores, each in one pass. */
final class Logs {
    private Logs() {}

    /**
     * A log.
     *
     * @param run what it says; empty if it cannot be read or has no event
     * @param problem why there is no run, or why it has no time
     */
    record Read(Path file, Optional<RunResult> run, Optional<String> problem) {}

    /** In the order of {@code files}. */
    static List<Read> read(List<Path> files) {
        return files.parallelStream().map(Logs::read).toList();
    }

    private static Read read(Path file) {
        try {
            RunResult run = RunResultReader.read(file);
            if (run.benchmark().isEmpty() && run.runStartMillis().isEmpty()) {
                return new Read(file, Optional.empty(), Optional.of(file + ": no MLPerf log; skipped"));
            }
            return new Read(file, Optional.of(run), incomplete(run));
        } catch (IOException e) {
            return new Read(file, Optional.empty(), Optional.of(skipped(file, e)));
        }
    }

    /** What is wrong with {@code file}, a log or a folder. */
    static String skipped(Path file, IOException failure) {
        return WholeFile.unreadable(file, failure).getMessage() + "; skipped: make it readable to count its runs";
    }

    private static Optional<String> incomplete(RunResult run) {
        if (run.minutes().isEmpty()) {
            String missing = run.runStartMillis().isEmpty() ? "run_start" : "run_stop";
            return Optional.of(run.file() + ": no " + missing + "; counts as a failed run");
        }
        return Optional.empty();
    }
}
