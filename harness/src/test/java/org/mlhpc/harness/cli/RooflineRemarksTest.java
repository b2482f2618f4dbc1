package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.roofline.ceilings.MachineFile;
import org.mlhpc.roofline.ceilings.MeasuredAccelerator;

/** What fits and predictions say beside their numbers. */
class RooflineRemarksTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Captured fitted;

    @BeforeAll
    static void fit() throws IOException {
        fitted = SyntheticRuns.fit(folder);
    }

    /** Loader threads are as many as compute threads: more of these shorten loading. */
    @Test
    void threadsAreThoseOfARunByDefault() throws IOException {
        String one = hyperthreaded(2, 1);
        assertEquals(loading(one, "--threads", "1"), loading(one));
        String eight = hyperthreaded(8, 2);
        assertEquals(loading(eight, "--threads", "2"), loading(eight));
        // More ranks than cores divide the logical processors.
        String[] ranks = {"--ranks-per-node", "3"};
        assertEquals(loading(eight, "--ranks-per-node", "3", "--threads", "2"), loading(eight, ranks));
        assertTrue(loading(eight, "--ranks-per-node", "3", "--threads", "1") > loading(eight, ranks));
    }

    private static String hyperthreaded(int logical, int cores) throws IOException {
        return changed(
                logical + ".json",
                tree -> ((ObjectNode) tree.get("machine")).put("cores", logical).put("physical_cores", cores));
    }

    private static double loading(String fit, String... further) throws IOException {
        var words = new ArrayList<>(List.of("--nodes", "1"));
        words.addAll(List.of(further));
        return JSON.readTree(predict(fit, "json", words.toArray(new String[0])).out())
                .get(0)
                .get("loader_ms")
                .doubleValue();
    }

    private static void assertContains(String expected, String text) {
        assertTrue(text.contains(expected), () -> expected + " is not in " + text);
    }

    private static Captured predict(String fit, String format, String... further) {
        var words = new ArrayList<>(
                List.of("roofline", "predict", "--fit", folder.resolve(fit).toString(), "--format", format));
        words.addAll(List.of(further));
        Captured found = Captured.of(words.toArray(new String[0]));
        assertEquals(0, found.code(), found.err());
        return found;
    }

    private static JsonNode row(String... further) throws IOException {
        return JSON.readTree(predict("fit.json", "json", further).out()).get(0);
    }

    /** The fit with a change of its file. */
    private static String changed(String name, Consumer<ObjectNode> change) throws IOException {
        var tree = (ObjectNode) JSON.readTree(folder.resolve("fit.json").toFile());
        change.accept(tree);
        JSON.writeValue(folder.resolve(name).toFile(), tree);
        return name;
    }

    /** Eight of 24 runs have a limit; nothing counted what the others read. */
    @Test
    void fitsSayWhatTheyKnowOfStorage() {
        assertContains("warning: reads of 16 of 24 runs unknown", fitted.out());
        assertContains("warning: efficiency_storage comes from --limit-storage alone", fitted.out());
        assertContains(
                "24 runs of 2 layouts, each predicted from those with other ranks or threads: median", fitted.out());
    }

    /** A byte from a device, as of a file's metadata, tells nothing of the device. */
    @Test
    void aStrayByteSaysNothingOfStorage() throws IOException {
        SyntheticRuns.writeRuns(folder.resolve("stray"), 24);
        File file = folder.resolve("stray/run-1/run.json").toFile();
        var run = (ObjectNode) JSON.readTree(file);
        ((ObjectNode) run.at("/epochs/0/input")).put("device_bytes", 1);
        JSON.writeValue(file, run);
        Captured found = SyntheticRuns.fit(folder, "stray", "stray.json", "--draws", "20");
        assertContains("reads of 15 of 24 runs unknown", found.out());
        assertContains("efficiency_storage comes from --limit-storage alone", found.out());
    }

    /** What was waited for storage is in whatever takes the time. */
    @Test
    void unknownReadsConcernEveryPrediction() throws IOException {
        assertContains(
                "reads of 16 of 24 runs unknown",
                row("--nodes", "1").get("remarks").textValue());
    }

    /** Memory's traffic and arithmetic grow with the batch alike, so that less overlap and a higher efficiency look the same. */
    @Test
    void fitsSayThatAnEfficiencyCannotBeToldFromOverlap() {
        assertContains("warning: efficiency_memory and serial cannot be told apart (correlation 0.9", fitted.out());
    }

    /** One resource after the other, and loaders on both of two cores. */
    @Test
    void fitsSayThatDecodingCountsTwice() {
        assertTrue(
                fitted.out()
                        .matches("(?s).*warning: serial is (1.00|0.9\\d), so that decoding on cores that compute.*"),
                fitted.out());
    }

    @Test
    void predictionsRepeatWarningsOfWhatTakesTimeThere() throws IOException {
        String[] slow = {"--nodes", "1", "--staging", "in_place", "--what-if", "storage=0.02,memory-capacity=1e-9"};
        JsonNode streamed = row(slow);
        assertEquals("storage", streamed.get("limited_by").textValue());
        assertContains("--limit-storage alone", streamed.get("remarks").textValue());
        assertFalse(row("--nodes", "1").path("remarks").asText().contains("--limit-storage"));
    }

    /** Two nodes share what one reads; each has half of it. */
    @Test
    void theSharedRateGrowsWithStorageUnlessItWasGiven() throws IOException {
        double once = storage("storage=0.02");
        assertEquals(2, once / storage("storage=0.04"), 1e-9);
        assertEquals(1, once / storage("storage=0.04", "--shared-rate", "20MB/s"), 1e-9);
    }

    private static double storage(String change, String... further) throws IOException {
        var words = new ArrayList<>(List.of("--nodes", "2", "--staging", "in_place", "--what-if"));
        words.add(change + ",memory-capacity=1e-9");
        words.addAll(List.of(further));
        JsonNode found = row(words.toArray(new String[0]));
        assertEquals("shared", found.get("limited_by").textValue());
        return found.get("storage_ms").doubleValue();
    }

    @Test
    void programsGetTheTimeOfEachResource() throws IOException {
        JsonNode found = row("--nodes", "1");
        for (String column : List.of("compute_ms", "memory_ms", "loader_ms", "overhead_ms")) {
            assertTrue(found.get(column).doubleValue() > 0, column);
        }
        assertFalse(found.has("network_ms"), "one rank");
        assertEquals("steps", found.get("time_goes_to").textValue());
        String csv = predict("fit.json", "csv", "--nodes", "1").out();
        assertContains("compute_ms,memory_ms,storage_ms,network_ms,loader_ms,overhead_ms", csv);
        assertContains("epochs,epochs_low,epochs_high,train_min,train_low,train_high", csv);
    }

    @Test
    void peopleGetFewerColumnsAndNumberedRemarks() {
        String text = predict("fit.json", "text", "--nodes", "1,2").out();
        assertFalse(text.contains("compute_ms"), text);
        assertTrue(text.lines().findFirst().orElse("").contains("epoch_s"), text);
        assertTrue(text.lines().findFirst().orElse("").contains("epochs"), text);
        assertTrue(text.lines().anyMatch(line -> line.startsWith("    2") && line.endsWith("[1][2][3]")), text);
        assertContains("\n[3] no run had several ranks: network left out\n", text);
        assertContains("\ntime to train goes to steps at 1 to 2 nodes", text);
    }

    @Test
    void whereConvergenceComesFromIsSaid() throws IOException {
        String once = changed("once.json", tree -> {
            var points = (ArrayNode) tree.get("converged");
            while (points.size() > 1) {
                points.remove(0);
            }
        });
        Captured borrowed = predict(once, "text", "--nodes", "1");
        assertContains("(standard error) from the published results of the benchmark", borrowed.out());
        assertContains("how convergence changes with the batch is that of published results", borrowed.out());
        assertContains(
                "(standard error) from the same runs",
                predict("fit.json", "text").out());
        String never = changed("never.json", tree -> tree.putArray("converged"));
        assertContains(
                "no time to train: no fitted run reached its target: add a run like the largest one without --max-steps, or"
                        + " give --samples-to-converge",
                predict(never, "text").out());
        String otherwise = changed("otherwise.json", tree -> {
            tree.putArray("converged");
            tree.put("converged_otherwise", "3 runs reached the target of another task");
        });
        assertContains(
                "no time to train: 3 runs reached the target of another task: add a run",
                predict(otherwise, "text").out());
        assertContains(
                "samples to converge are those of a training set of",
                row("--nodes", "1", "--train-samples", "1000000").get("remarks").textValue());
    }

    /** Two and a half epochs of the training set are three whole ones, at any batch size. */
    @Test
    void samplesToConvergeCanBeGiven() throws IOException {
        long set = JSON.readTree(folder.resolve("fit.json").toFile())
                .at("/data/train_samples")
                .longValue();
        String[] given = {"--nodes", "1", "--samples-to-converge", Long.toString(set * 5 / 2), "--set", "sample_size=64"
        };
        JsonNode found = row(given);
        assertEquals(3, found.get("epochs").intValue());
        assertEquals(3, found.get("epochs_low").intValue());
        assertEquals(3, found.get("epochs_high").intValue());
        assertTrue(found.get("train_min").doubleValue() > 0);
        assertContains("samples to converge were given", found.get("remarks").textValue());
        assertFalse(found.get("remarks").textValue().contains("samples to converge are those of"), found::toString);
        String text = predict("fit.json", "text", given).out();
        assertContains("samples to converge = " + set * 5 / 2 + ", as given", text);
    }

    @Test
    void ceilingsOfAcceleratorsAreNotUsedAndThatIsSaid() throws IOException {
        var device = new MeasuredAccelerator(0, "a device", "9.0", 80L << 30, true, "12.6", List.of());
        Path file = folder.resolve("accelerated.json");
        MachineFile.write(
                file,
                MachineFile.read(folder.resolve("machine.json")).toBuilder()
                        .accelerators(List.of(device))
                        .build());
        assertContains(
                "not of the accelerators",
                row("--nodes", "1", "--machine", file.toString()).get("remarks").textValue());
    }

    @Test
    void ratesOfLocalStorageNeedItsCapacity() {
        Captured found = Captured.of(
                "roofline", "predict", "--fit", folder.resolve("fit.json").toString(), "--local-read", "3GB/s");
        assertEquals(2, found.code(), found.err());
        assertContains("need --local-storage", found.err());
    }

    @Test
    void fitsThatCannotBeAreRefusedWithTheirName() throws IOException {
        String wrong = changed("wrong.json", tree -> ((ObjectNode) tree.at("/fit/model/efficiency")).put("MEMORY", 7));
        Captured found = Captured.of(
                "roofline", "predict", "--fit", folder.resolve(wrong).toString());
        assertEquals(3, found.code(), found.err());
        assertContains("wrong.json is not a fit: efficiency of memory is 7.0", found.err());
        String drawless = changed("drawless.json", tree -> ((ObjectNode) tree.get("fit")).putArray("draws"));
        assertContains(
                "drawless.json is not a fit: the fit has no draws",
                Captured.of(
                                "roofline",
                                "predict",
                                "--fit",
                                folder.resolve(drawless).toString())
                        .err());
    }
}
