package org.mlhpc.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.entry.SampleLogs;

class EpochTimesTest {
    @TempDir
    private Path directory;

    private RunResult read(List<String> lines) throws IOException {
        SampleLogs.write(directory.resolve("logs/result_0.txt"), lines);
        return RunResultReader.read(directory.resolve("logs/result_0.txt"));
    }

    /** Two epochs of 20 s of training, in the second of which the run was interrupted for 15 s; once more between them. */
    @Test
    void aRunDoesNotTrainWhileItIsInterrupted() throws IOException {
        List<String> lines = new ArrayList<>(SampleLogs.cosmoflow(2, 100));
        RunResult whole = read(lines);
        int second = 0;
        while (!lines.get(second).contains("\"epoch_start\"")
                || !lines.get(second).contains("\"epoch_num\": 2")) {
            second++;
        }
        String resumed = lines.get(second)
                .replace("epoch_start", "run_resumed")
                .replace("\"value\": null", "\"value\": {\"seconds\": 15.0}");
        lines.add(second + 1, resumed);
        lines.add(second, resumed);

        RunResult interrupted = read(lines);

        assertEquals(40.0 / 60, whole.trainMinutes().orElseThrow(), 1e-12);
        assertEquals(25.0 / 60, interrupted.trainMinutes().orElseThrow(), 1e-12);
        assertEquals(whole.evaluations(), interrupted.evaluations());
    }
}
