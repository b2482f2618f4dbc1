package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;

/** One run of several, as a task of an array job does it. */
class RunIndexTest {
    @TempDir
    private Path directory;

    private Captured run(String... more) {
        var arguments = new ArrayList<>(
                List.of("run", "cosmoflow", "--out", directory.resolve("out").toString()));
        for (String setting : List.of(
                "sample_size=8",
                "conv_layers=2",
                "conv_filters=2",
                "global_batch_size=2",
                "max_epochs=1",
                "target_mae=1e-6",
                "gen_box_cells=8",
                "gen_train_samples=4",
                "gen_validation_samples=2")) {
            arguments.addAll(List.of("--set", setting));
        }
        arguments.addAll(List.of("--data", directory.resolve("data").toString(), "--seed", "5"));
        arguments.addAll(List.of(more));
        return Captured.of(arguments.toArray(String[]::new));
    }

    @Test
    void hasTheSeedAndTheFoldersOfItsNumberAndIsDoneOnce() throws IOException {
        Captured data = Captured.of(
                "data",
                "generate",
                "cosmoflow",
                "--set",
                "sample_size=8",
                "--set",
                "gen_box_cells=8",
                "--set",
                "gen_train_samples=4",
                "--set",
                "gen_validation_samples=2",
                "--out",
                directory.resolve("data").toString());
        assertEquals(0, data.code(), data.err());

        Captured first = run(
                "--run-index",
                "2",
                "--stage-to",
                directory.resolve("staged-{run}").toString());
        assertEquals(1, first.code(), first.err());
        RunRecord record = RunRecordFile.read(directory.resolve("out/run_2.json"));
        assertEquals(2, record.index());
        assertEquals(7, record.seed());
        assertTrue(record.phases().get("preparation") > 0);
        assertFalse(Files.exists(directory.resolve("out/result_0.txt")));
        assertTrue(Files.exists(directory.resolve("out/result_2.txt")));
        assertTrue(Files.exists(directory.resolve("staged-2/train")));

        Captured again = run("--run-index", "2", "--resume");
        assertEquals(1, again.code(), again.err());
        assertTrue(again.err().contains("run 2 is finished already"), again.err());
        assertEquals(2, run("--run-index", "2").code());
    }
}
