package org.mlhpc.results.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.results.entry.SampleLogs;

class RunDifferenceTest {
    @TempDir
    private Path folder;

    @Test
    void aRunDiffersFromItselfInNothing() {
        RunDescription run = RunDescription.ofRecord("a", SampleRecords.RUN);
        RunDifference difference = RunDifference.of(run, run);
        assertEquals(List.of(), difference.configuration());
        assertEquals(List.of(), difference.environment());
        assertTrue(difference.numbers().contains(new RunDifference.Difference("run_seconds", "12.5", "12.5")));
    }

    @Test
    void recordsHaveSettingsAndMachine() {
        RunDescription run = RunDescription.ofRecord("a", SampleRecords.RUN);
        assertEquals("0.1", run.configuration().get("base_lr"));
        assertEquals("0.124", run.configuration().get("target threshold"));
        assertEquals("jemalloc", run.environment().get("allocator"));
        assertEquals("abc", run.environment().get("suite git_revision"));
        assertEquals(16, run.numbers().get("train_samples_per_s"));
    }

    @Test
    void logsHaveWhatTheySayOnce() throws IOException {
        SampleLogs.write(folder.resolve("a.txt"), SampleLogs.cosmoflow(4, 64));
        SampleLogs.write(folder.resolve("b.txt"), SampleLogs.cosmoflow(5, 128, 15_000));
        RunDifference difference = RunDifference.of(
                RunDescription.ofLog("a", folder.resolve("a.txt")), RunDescription.ofLog("b", folder.resolve("b.txt")));
        assertEquals(
                List.of(new RunDifference.Difference("global_batch_size", "64", "128")), difference.configuration());
        assertEquals(List.of(), difference.environment());
        assertTrue(
                difference.numbers().contains(new RunDifference.Difference("samples to converge", "4000.0", "5000.0")));
    }
}
