package org.mlhpc.harness.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.SampleRecords;

class RunLabelsTest {
    @TempDir
    private Path folder;

    /** Two ranks of one thread, batch 4, held to 50 MB/s, but for what {@code change} does. */
    private ProfiledRun run(Consumer<ObjectNode> change) throws IOException {
        File file = folder.resolve("run.json").toFile();
        RunRecordFile.write(file.toPath(), SampleRecords.profiled());
        var tree = (ObjectNode) new ObjectMapper().readTree(file);
        change.accept(tree);
        new ObjectMapper().writeValue(file, tree);
        RunRecord record = RunRecordFile.read(file.toPath());
        return new ProfiledRun(file.toPath(), record, record.profile().orElseThrow(), 1, 1, List.of(), "");
    }

    private static Consumer<ObjectNode> setting(String key, String value) {
        return tree -> ((ObjectNode) tree.get("settings")).put(key, value);
    }

    private static List<String> labels(ProfiledRun... runs) {
        return RunLabels.label(List.of(runs)).stream().map(ProfiledRun::label).toList();
    }

    @Test
    void whatIsTheSameInAllRunsIsLeftOut() throws IOException {
        ProfiledRun usual = run(tree -> {});
        assertEquals(List.of("cosmoflow tiny, batch 4, 2 x 1 threads, 50.00 MB/s"), labels(usual));
        assertEquals(
                List.of(
                        "cosmoflow tiny, batch 4, 2 x 1 threads, base_lr=0.1, 50.00 MB/s",
                        "cosmoflow tiny, batch 4, 2 x 1 threads, base_lr=0.2, 50.00 MB/s"),
                labels(usual, run(setting("base_lr", "0.2"))));
        assertEquals(
                "cosmoflow tiny, batch 4, 2 x 1 threads, prefetch_batches=1, 50.00 MB/s",
                labels(usual, run(setting("prefetch_batches", "1"))).get(1));
    }

    /** Their settings differ in too much to say. */
    @Test
    void configurationsAreNamed() throws IOException {
        ProfiledRun small = run(tree -> {
            tree.put("configuration", "small");
            setting("base_lr", "0.2").accept(tree);
        });
        assertEquals(
                List.of(
                        "cosmoflow tiny, batch 4, 2 x 1 threads, 50.00 MB/s",
                        "cosmoflow small, batch 4, 2 x 1 threads, 50.00 MB/s"),
                labels(run(tree -> {}), small));
    }

    @Test
    void nodesAndRepetitionsAreToldApart() throws IOException {
        ProfiledRun usual = run(tree -> {});
        ProfiledRun apart = run(tree -> ((ObjectNode) tree.get("machine")).put("nodes", 2));
        assertEquals(
                List.of(
                        "cosmoflow tiny, batch 4, 2 x 1 threads, 50.00 MB/s",
                        "cosmoflow tiny, batch 4, 2 x 1 threads on 2 nodes, 50.00 MB/s",
                        "cosmoflow tiny, batch 4, 2 x 1 threads, 50.00 MB/s (2)"),
                labels(usual, apart, usual));
    }
}
