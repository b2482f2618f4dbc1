package org.mlhpc.harness.projection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.Workload;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.roofline.predict.Convergence;

class ConvergedRunsTest {
    @TempDir
    private Path folder;

    /** Batch 4, of which 64 samples reached the target. */
    private final RunRecord usual = SampleRecords.profiled();

    private static Workload<?> cosmoflow() {
        return ServiceLoader.load(Workload.class).stream()
                .<Workload<?>>map(ServiceLoader.Provider::get)
                .filter(workload -> workload.name().equals("cosmoflow"))
                .findFirst()
                .orElseThrow();
    }

    private RunRecord changed(Consumer<ObjectNode> change) throws IOException {
        File file = folder.resolve("run.json").toFile();
        RunRecordFile.write(file.toPath(), usual);
        var tree = (ObjectNode) new ObjectMapper().readTree(file);
        change.accept(tree);
        new ObjectMapper().writeValue(file, tree);
        return RunRecordFile.read(file.toPath());
    }

    private static Consumer<ObjectNode> setting(String key, String value) {
        return tree -> ((ObjectNode) tree.get("settings")).put(key, value);
    }

    private ConvergedRuns converged(RunRecord... runs) {
        return new ConvergedRuns(cosmoflow(), usual, List.of(runs));
    }

    @Test
    void settingsOfSpeedAndBatchSizesAreOneTask() throws IOException {
        ConvergedRuns found = converged(
                usual,
                changed(setting("prefetch_batches", "4")),
                changed(setting("global_batch_size", "8")),
                changed(tree -> tree.put("status", "aborted")));
        double samples = usual.epochs().get(0).trainSamples();
        var point = new Convergence.Point(4, samples, samples);
        assertEquals(List.of(point, point, point), found.points());
        assertEquals(Optional.empty(), found.otherwise());
    }

    @Test
    void runsOfAnotherTaskAreNamedByTheirSettings() throws IOException {
        ConvergedRuns found =
                converged(changed(setting("base_lr", "0.2")), changed(tree -> ((ObjectNode) tree.get("target"))
                        .put("threshold", 0.5)));
        assertEquals(List.of(), found.points());
        assertEquals(
                Optional.of(
                        "2 runs reached the target of another task than the largest run has: base_lr=0.2, and the largest"
                                + " run has base_lr=0.1"),
                found.otherwise());
        assertEquals(
                Optional.of("1 run reached the target of another task than the largest run has: their targets differ"),
                converged(changed(tree -> ((ObjectNode) tree.get("target")).put("threshold", 0.5)))
                        .otherwise());
    }
}
