package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs beside which the machine did something else: a fit believes them, and names them. */
class DisturbedRunsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        SyntheticRuns.writeMachine(folder.resolve("machine.json"));
        SyntheticRuns.writeRuns(folder.resolve("runs"), 24);
    }

    /** What the fit says of these runs, after the profile of some of them has been changed. */
    private String said(List<String> runs, Consumer<ObjectNode> change) throws IOException {
        for (String run : runs) {
            File file = folder.resolve("runs").resolve(run).resolve("run.json").toFile();
            var tree = (ObjectNode) new ObjectMapper().readTree(file);
            change.accept((ObjectNode) tree.get("profile"));
            new ObjectMapper().writeValue(file, tree);
        }
        return SyntheticRuns.fit(folder, "runs", "fit.json", "--draws", "20", "--format", "json")
                .err();
    }

    private static void multiply(ObjectNode node, String key, double factor) {
        node.put(key, factor * node.get(key).doubleValue());
    }

    @Test
    void ofQuietOnesNothingIsSaid() throws IOException {
        String said = said(List.of(), profile -> {});
        assertFalse(said.contains("uneven") || said.contains("far longer"), said);
    }

    /** Run 1 has a batch of two, two threads and no storage limit, run 3 a limit, which makes steps uneven by its nature. */
    @Test
    void unevenStepsAreNamed() throws IOException {
        String said = said(
                List.of("run-1", "run-3"),
                profile -> multiply((ObjectNode) profile.get("step_seconds"), "median", 0.5));
        assertTrue(
                said.contains(
                        "in 1 of 24 runs; repeat them on a quiet machine (of a sweep: remove their folders, and call it again): cosmoflow tiny, batch 2, 1 x 2 threads\n"),
                said);
    }

    /** All of its steps take three times as long, which its own spread does not tell. */
    @Test
    void stepsThatAreSlowThroughoutAreNamedByWhatTheOthersTell() throws IOException {
        String said = said(List.of("run-1"), profile -> {
            multiply(profile, "mean_step_seconds", 3);
            multiply((ObjectNode) profile.get("step_seconds"), "median", 3);
        });
        String named =
                "1 of 24 runs took far longer than predicted .* again: cosmoflow tiny, batch 2, 1 x 2 threads, .* ms instead of .* ms "
                        + "\\(.*run-1.run\\.json\\)\n";
        assertTrue(Pattern.compile(named).matcher(said).find(), said);
    }
}
