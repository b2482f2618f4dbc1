package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.roofline.predict.FitFile;
import org.mlhpc.roofline.predict.FittedRuns;

/** Where some runs reached the target of the largest run, and others that of another task. */
class ConvergenceSourceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OTHERS =
            "4 runs reached the target of another task than the largest run has: base_lr=0.2";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void fit() throws IOException {
        SyntheticRuns.writeMachine(folder.resolve("machine.json"));
        SyntheticRuns.writeRuns(folder.resolve("runs"), 24);
        SyntheticRuns.fit(folder, "runs", "fit.json", "--draws", "20");
    }

    /** Where so many runs reached the target of the largest one. */
    private static FittedRuns runs(String workload, int converged) throws IOException {
        var tree = (ObjectNode) JSON.readTree(folder.resolve("fit.json").toFile());
        var points = (ArrayNode) tree.get("converged");
        assertEquals(24, points.size());
        while (points.size() > converged) {
            points.remove(0);
        }
        tree.put("workload", workload).put("converged_otherwise", OTHERS);
        Path file = folder.resolve("changed.json");
        JSON.writeValue(file.toFile(), tree);
        return FitFile.read(file);
    }

    @Test
    void runsOfAnotherTaskAreNamedBesideALaw() throws IOException {
        ConvergenceSource own = ConvergenceSource.of(runs("cosmoflow", 24));
        assertEquals(ConvergenceSource.Known.FROM_RUNS, own.known());
        assertEquals(List.of("left out of samples to converge: " + OTHERS), own.remarks());
        ConvergenceSource borrowed = ConvergenceSource.of(runs("cosmoflow", 1));
        assertEquals(ConvergenceSource.Known.FROM_PUBLISHED, borrowed.known());
        assertEquals(2, borrowed.remarks().size());
        assertTrue(borrowed.remarks().contains("left out of samples to converge: " + OTHERS), borrowed::toString);
    }

    @Test
    void theyAreNamedWhereTheRestIsTooFew() throws IOException {
        ConvergenceSource none = ConvergenceSource.of(runs("unpublished", 1));
        assertEquals(Optional.empty(), none.law());
        assertEquals(
                "fewer than three fitted runs of two batch sizes reached the target of the largest run (" + OTHERS
                        + "), and no published results of unpublished tell how samples grow with the batch: add runs of the"
                        + " same task with other batch sizes",
                none.obstacle());
    }
}
