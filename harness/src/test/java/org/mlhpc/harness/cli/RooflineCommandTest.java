package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mlhpc.api.OperatorWork;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Workload;
import picocli.CommandLine.TypeConversionException;

/** From measured ceilings and profiled runs to predictions and charts, through files and commands. */
class RooflineCommandTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void fit() throws IOException {
        Captured fitted = SyntheticRuns.fit(folder);
        assertContains("24 runs of 4 settings, each predicted from the others", fitted.out());
        assertTrue(fitted.out().matches("(?s).*limited by memory in \\d+ runs.*"), fitted.out());
        assertContains("cosmoflow tiny, batch 8, 1 x 2 threads, 80.00 MB/s", fitted.out());
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Captured command(String... words) {
        var all = new ArrayList<>(List.of("roofline"));
        all.addAll(List.of(words));
        return Captured.of(all.toArray(new String[0]));
    }

    private static void assertContains(String expected, String text) {
        assertTrue(text.contains(expected), () -> expected + " is not in " + text);
    }

    @Test
    void fitFindsWhatTheRunsWereMadeWith() throws IOException {
        JsonNode parameters = new ObjectMapper()
                .readTree(folder.resolve("fit.json").toFile())
                .get("fit")
                .get("parameters");
        assertFound(SyntheticRuns.EFFICIENCY, 0.05, 0.1, parameters.get("efficiency_compute"));
        assertFound(SyntheticRuns.EFFICIENCY, 0.05, 0.1, parameters.get("efficiency_memory"));
        // A third of the runs has a limit, and few of these are limited by it.
        assertFound(SyntheticRuns.EFFICIENCY, 0.05, 0.2, parameters.get("efficiency_storage"));
        assertFound(SyntheticRuns.OVERHEAD, 0.002, 0.01, parameters.get("overhead_seconds"));
        // Resources of these runs wait for each other. 1 is the most that serial can be, so that draws lie below.
        assertFound(0.99, 0.05, 0.15, parameters.get("serial"));
    }

    /** It is near the truth, and its interval holds that and says something: it is no wider than {@code width}. */
    private static void assertFound(double truth, double near, double width, JsonNode parameter) {
        double low = parameter.get("low").doubleValue();
        double high = parameter.get("high").doubleValue();
        assertEquals(truth, parameter.get("value").doubleValue(), near);
        assertTrue(low <= truth && truth <= high && high - low <= width, parameter::toString);
    }

    @Test
    void predictsEachScaleOnce() throws IOException {
        Captured found = command(
                "predict", "--fit", path("fit.json"), "--nodes", "1..16", "--batch-per-rank", "2", "--format", "json");
        assertEquals(0, found.code(), found.err());
        JsonNode rows = new ObjectMapper().readTree(found.out());
        assertEquals(5, rows.size());
        assertEquals(16, rows.get(4).get("nodes").intValue());
        assertEquals(32, rows.get(4).get("batch").intValue());
        assertTrue(rows.get(0).get("step_low").doubleValue()
                < rows.get(0).get("step_ms").doubleValue());
        assertTrue(rows.get(0).get("train_min").doubleValue() > 0);
        // Nothing but arithmetic, memory and loading is known of these runs: steps of two samples last equally long
        // anywhere.
        assertEquals(100, rows.get(4).get("per_node_percent").doubleValue(), 1e-9);
        assertContains("no run had several ranks", rows.get(1).get("remarks").textValue());
    }

    @Test
    void fitsSayWhatEvaluationAndLoadingTake() throws IOException {
        JsonNode fit = new ObjectMapper().readTree(folder.resolve("fit.json").toFile());
        // The noise of 1 % is in steps, not in evaluation; the fit's own error is some percent.
        assertEquals(
                SyntheticRuns.EVALUATION, fit.get("evaluation_factor").doubleValue(), 0.05 * SyntheticRuns.EVALUATION);
        assertEquals(
                SyntheticRuns.LOADING,
                fit.get("loader").get("seconds_per_sample").doubleValue(),
                1e-6);
    }

    @Test
    void saysWhichResourceLimitsWhichScales() {
        Captured found = command(
                "predict", "--fit", path("fit.json"), "--nodes", "1..16", "--batch-per-rank", "8", "--threads", "2");
        assertContains("\nlimited by " + limitOfEight() + " at 1 to 16 nodes\n", found.out());
        assertContains("intervals of 95 % hold", found.out());
    }

    /** By the workload's account of eight samples and the ceilings of a thread; the fitted efficiencies are the same. */
    private static String limitOfEight() {
        Workload<?> cosmoflow = Workloads.named("cosmoflow");
        StepWork step = cosmoflow
                .stepWork(cosmoflow.settings("tiny").with(Settings.GLOBAL_BATCH_SIZE, 8), 1)
                .orElseThrow();
        OperatorWork.Pass work = step.forward().plus(step.backward()).plus(step.optimizer());
        double arithmetic = work.flop() / SyntheticRuns.COMPUTE;
        double traffic = work.bytes() / SyntheticRuns.MEMORY;
        assertTrue(Math.abs(Math.log(arithmetic / traffic)) > 0.3, arithmetic + " and " + traffic + " are too near");
        return arithmetic > traffic ? "compute" : "memory";
    }

    @Test
    void aScaleThatIsImpossibleKeepsItsRow() throws IOException {
        Captured found = command(
                "predict", "--fit", path("fit.json"), "--nodes", "8,16,40", "--batch", "1000", "--format", "json");
        assertEquals(0, found.code(), found.err());
        JsonNode rows = new ObjectMapper().readTree(found.out());
        assertEquals(3, rows.size());
        assertTrue(rows.get(0).get("step_ms").doubleValue() > 0);
        assertEquals(
                "not predicted: a batch of 1000 samples cannot be divided among 16 ranks",
                rows.get(1).get("remarks").textValue());
        assertEquals(16, rows.get(1).get("nodes").intValue());
        assertFalse(rows.get(1).has("step_ms"));
        assertTrue(rows.get(2).get("step_ms").doubleValue() > 0);
    }

    @Test
    void moreRanksThanCanBeCountedAreRefused() throws IOException {
        var large = (ObjectNode)
                new ObjectMapper().readTree(folder.resolve("fit.json").toFile());
        ((ObjectNode) large.get("machine")).put("cores", 64);
        new ObjectMapper().writeValue(folder.resolve("large.json").toFile(), large);
        String words = "predict --nodes 1,99999999 --ranks-per-node 64 --format json --fit " + path("large.json");
        Captured found = command(words.split(" ", -1));
        assertEquals(0, found.code(), found.err());
        JsonNode refused = new ObjectMapper().readTree(found.out()).get(1);
        assertEquals(64 * 99_999_999L, refused.get("ranks").longValue());
        assertContains(
                "not predicted: 99999999 nodes of 64 ranks are more than",
                refused.get("remarks").textValue());
    }

    /** Runs of four batch sizes, each with and without limits. */
    @Test
    void runsUnderALimitAreHeldOutWithThoseWithout() throws IOException {
        JsonNode heldOut = new ObjectMapper()
                .readTree(folder.resolve("fit.json").toFile())
                .get("held_out")
                .get("groups");
        assertEquals(4, heldOut.size());
        heldOut.forEach(group -> assertEquals(6, group.size()));
    }

    /** The ceilings say nothing of a third processor. */
    @Test
    void runsOnMoreProcessorsThanWereMeasuredAreRefused() throws IOException {
        SyntheticRuns.writeRuns(folder.resolve("more"), 24);
        File file = folder.resolve("more/run-1/run.json").toFile();
        var tree = (ObjectNode) new ObjectMapper().readTree(file);
        ((ObjectNode) tree.get("machine")).put("cores_per_node", 4).put("threads_per_rank", 3);
        new ObjectMapper().writeValue(file, tree);
        Captured found = command("fit", path("more"), "--machine", path("machine.json"), "--out", path("more.json"));
        assertEquals(2, found.code(), found.err());
        assertContains("measure again with all processors", found.err());
        // Three threads on two processors are somebody's intention.
        ((ObjectNode) tree.get("machine")).put("cores_per_node", 2);
        new ObjectMapper().writeValue(file, tree);
        SyntheticRuns.fit(folder, "more", "more.json", "--draws", "20");
        String words = "predict --nodes 1 --fit " + path("more.json") + " --threads ";
        Captured predicted = command((words + 3).split(" ", -1));
        assertEquals(0, predicted.code(), predicted.err());
        assertEquals(2, command((words + 4).split(" ", -1)).code(), "no run had four");
    }

    @Test
    void whatIsNotLikeTheRunsIsSaid() throws IOException {
        assertFalse(remarks().contains("fitted"), remarks());
        SyntheticRuns.writeMachine(folder.resolve("other.json"), "another cpu");
        assertContains("fitted on another processor", remarks("--machine", path("other.json")));
        assertContains("fitted in fp32", remarks("--precision", "bf16"));
        assertContains("samples to converge are those of sample_size=32", remarks("--set", "sample_size=64"));
        assertFalse(remarks("--set", "prefetch_batches=2").contains("sample"), "a setting of speed alone");
    }

    private static String remarks(String... further) throws IOException {
        return row(further).path("remarks").asText();
    }

    private static JsonNode row(String... further) throws IOException {
        var words = new ArrayList<>(List.of("predict", "--fit", path("fit.json"), "--nodes", "1", "--format", "json"));
        words.addAll(List.of(further));
        Captured found = command(words.toArray(new String[0]));
        assertEquals(0, found.code(), found.err());
        return new ObjectMapper().readTree(found.out()).get(0);
    }

    @Test
    void largerSamplesAreLongerToStage() throws IOException {
        double usual = row().get("staging_s").doubleValue();
        double large = row("--set", "sample_size=64").get("staging_s").doubleValue();
        // Eight times the cells; the four targets do not grow.
        assertEquals(8, large / usual, 0.01);
    }

    @Test
    void fitPrintsItsParametersInEveryFormat() throws IOException {
        JsonNode json = new ObjectMapper().readTree(fitted("json"));
        assertEquals(
                "efficiency_compute",
                json.get("parameters").get(0).get("parameter").textValue());
        assertTrue(json.get("parameters").get(0).has("low_95"));
        assertEquals(24, json.get("runs").size());
        List<String> csv = fitted("csv").lines().toList();
        assertTrue(csv.get(0).startsWith("table,parameter,value,low_95,high_95,run,measured_ms,"), csv.get(0));
        assertTrue(csv.get(1).startsWith("parameters,efficiency_compute,"), csv.get(1));
        assertEquals(1 + 5 + 24, csv.size());
    }

    private static String fitted(String format) {
        return fitted("runs", format).out();
    }

    private static Captured fitted(String runs, String format) {
        return SyntheticRuns.fit(folder, runs, "again.json", "--draws", "20", "--format", format);
    }

    @Test
    void strictValidationListsWhatItCannotPredict() {
        Captured found = command("validate", "--strict", "--scales", "2");
        assertEquals(0, found.code(), found.err());
        assertContains("not predicted: smaller scales were published later", found.out());
        assertContains("intervals of 95 % hold the published time", found.out());
        assertContains("not predicted: smaller scales have the batch", found.out());
        assertTrue(found.out().contains("two parameters") && found.out().endsWith("\n"), found.out());
    }

    @Test
    void whatIfsChangeWhatTheyName() throws IOException {
        double slow = stepOf("memory=0.25");
        double plain = stepOf("network=4");
        assertTrue(slow > 1.5 * plain, slow + " and " + plain);
    }

    private static double stepOf(String change) throws IOException {
        Captured found =
                command("predict", "--fit", path("fit.json"), "--nodes", "1", "--what-if", change, "--format", "json");
        assertEquals(0, found.code(), found.err());
        return new ObjectMapper().readTree(found.out()).get(0).get("step_ms").doubleValue();
    }

    @Test
    void reportHasItsChartsAsFiles() throws IOException {
        Captured drawn = command("report", path("runs/run-0"), "--fit", path("fit.json"), "--out", path("report"));
        assertEquals(0, drawn.code(), drawn.err());
        String page = Files.readString(folder.resolve("report/report.html"));
        assertContains("24 runs of 2 layouts, each predicted from those with other ranks or threads: median", page);
        assertContains("<th>epoch s</th><th>evaluation s</th><th>epochs</th>", page);
        assertContains("cpu, 2 logical processors, measured", page);
        for (String key : List.of(
                "fitted-steps",
                "stacked-times",
                "operators-0",
                "channel-memory",
                "channel-storage",
                "predicted-steps",
                "predicted-times")) {
            for (String kind : List.of(".svg", ".png", ".csv")) {
                assertTrue(Files.size(folder.resolve("report/charts").resolve(key + kind)) > 100, key + kind);
            }
        }
        assertContains("efficiency_memory", page);
        assertContains("synthetic", page);
    }

    @Test
    void validateListsEveryPublishedScale() {
        Captured found = command("validate");
        assertEquals(0, found.code());
        assertContains("fugaku_16384xA64FX", found.out());
        assertContains("2 predictions: median absolute error", found.out());
        assertContains("juwelsbooster_gpu_n2048", found.out());
        assertContains("power law", found.out());
        assertContains("critical batch size", found.out());
        assertTrue(
                found.out().indexOf("--strict") < found.out().indexOf("from all other results"),
                "the forecast comes first");
    }

    @Test
    void validationNamesItsTables() throws IOException {
        JsonNode tables = new ObjectMapper()
                .readTree(command("validate", "--format", "json").out());
        var names = new ArrayList<String>();
        tables.fieldNames().forEachRemaining(names::add);
        assertEquals(List.of("strict", "others", "strict_across_machines", "others_across_machines"), names);
        assertEquals(2, tables.get("others").size());
        assertEquals(
                "horeka_gpu:512+juwelsbooster_gpu:1024",
                tables.get("others_across_machines").get(0).get("from").textValue());
    }

    @Test
    void ofAFolderEachLayoutIsDrawnOnce() throws IOException {
        Captured drawn = command("report", path("runs"), "--fit", path("fit.json"), "--out", path("folder-report"));
        assertEquals(0, drawn.code(), drawn.err());
        Path charts = folder.resolve("folder-report/charts");
        assertTrue(Files.exists(charts.resolve("operators-1.svg")));
        assertFalse(Files.exists(charts.resolve("operators-2.svg")), "one and two threads, so two charts");
        List<String> steps = Files.readAllLines(charts.resolve("channel-memory.csv"));
        assertTrue(steps.get(0).endsWith(",low,high,label"), steps.get(0));
        for (String layout : List.of("1 x 1 threads", "1 x 2 threads")) {
            assertEquals(1, steps.stream().filter(line -> line.contains(layout)).count(), layout);
        }
    }

    /**
     * Runs without a storage limit whose layout and batch are predicted: of 24, those with batch 8, two threads and a number that
     * three does not divide are four (7, 11, 19, 23).
     */
    @Test
    void allRunsLikeThePredictedStandBesideTheirPrediction() throws IOException {
        assertEquals(4, measuredPoints("usual"));
        assertEquals(4, measuredPoints("loaders", "--set", "prefetch_batches=2"), "a setting of speed alone");
        assertEquals(0, measuredPoints("precise", "--precision", "bf16"), "another precision");
        assertEquals(0, measuredPoints("larger", "--set", "sample_size=64"), "another task");
        assertEquals(0, measuredPoints("changed", "--what-if", "memory=2"), "a machine that does not exist");
        SyntheticRuns.writeMachine(folder.resolve("elsewhere.json"), "another cpu");
        assertEquals(0, measuredPoints("elsewhere", "--machine", path("elsewhere.json")), "another machine");
    }

    private static long measuredPoints(String name, String... further) throws IOException {
        var words = new ArrayList<>(List.of("report", path("runs"), "--fit", path("fit.json"), "--nodes", "1"));
        words.addAll(List.of("--batch", "8", "--threads", "2", "--out", path("report-" + name)));
        words.addAll(List.of(further));
        Captured drawn = command(words.toArray(new String[0]));
        assertEquals(0, drawn.code(), drawn.err());
        return Files.readAllLines(folder.resolve("report-" + name + "/charts/predicted-steps.csv")).stream()
                .filter(line -> line.startsWith("measured,"))
                .count();
    }

    /** A run of batch 8 with 30 steps, where a sweep would put its own. */
    @Test
    void aSweepTakesItsOwnRunsAlone() throws IOException {
        Path sweep = folder.resolve("sweep-made");
        SyntheticRuns.writeRuns(sweep, 1);
        Path run = Files.move(sweep.resolve("run-0"), sweep.resolve("1x1_global_batch_size-8"));
        File file = run.resolve("run.json").toFile();
        var tree = (ObjectNode) new ObjectMapper().readTree(file);
        ((ObjectNode) tree.get("settings")).put("global_batch_size", "8");
        ((ObjectNode) tree.get("suite"))
                .putArray("command")
                .add("run")
                .add("--max-steps")
                .add("30");
        new ObjectMapper().writeValue(file, tree);

        Captured same = sweep(sweep);
        assertEquals(0, same.code(), same.err());
        assertContains("1 runs in " + sweep + ", 0 of them new", same.out());
        assertRefused("--max-steps 30, not 20", sweep(sweep, "--steps", "20"));
        assertRefused("--config tiny, not small", sweep(sweep, "--config", "small"));
        assertRefused("bucket_mb 8, not 4", sweep(sweep, "--set", "bucket_mb=4"));
    }

    private static Captured sweep(Path out, String... further) {
        var words = new ArrayList<>(
                List.of("sweep", "cosmoflow", "--out", out.toString(), "--layouts", "1x1", "--batches", "8"));
        words.addAll(List.of(further));
        return command(words.toArray(new String[0]));
    }

    private static void assertRefused(String why, Captured found) {
        assertEquals(2, found.code(), found.err());
        assertContains(why + ": choose another --out", found.err());
    }

    @ParameterizedTest
    @CsvSource({
        "predict --fit %/machine.json --nodes 1, 3, is not a fit",
        "predict --fit %/missing.json --nodes 1, 3, missing.json",
        "predict --fit %/fit.json --nodes 0, 2, neither a list",
        "predict --fit %/fit.json --nodes 3 --batch 4, 2, cannot be divided among 3 ranks",
        "predict --fit %/fit.json --what-if ram=2, 2, memory-capacity",
        "predict --fit %/fit.json --what-if far-memory=0.5, 2, need far-share",
        "predict --fit %/fit.json --set sample_size=33, 2, multiple of 32",
        "report %/none --fit %/fit.json, 3, none",
        "predict --fit %/fit.json --precision fp8, 2, fp8",
        "fit %/runs --machine %/fit.json, 3, is not a measured machine",
        "fit %/runs/run-0 --machine %/machine.json, 2, at least 6 runs",
        "fit %/none --machine %/machine.json, 3, none",
        "fit %/runs --machine %/machine.json --draws 3, 2, --draws 3",
        "validate --scales 1, 2, --scales 1",
        "sweep cosmoflow --out %/sweep --layouts 2, 2, RANKSxTHREADS",
        "sweep cosmoflow --out %/sweep --layouts 2x1 --batches 3, 2, no batch",
        "sweep cosmoflow --out %/sweep --steps 1, 2, --steps 1",
        "'sweep cosmoflow --out %/sweep --vary sample_size=32,33', 2, multiple of 32",
        "sweep cosmoflow --out %/sweep --vary typo=1, 2, unknown setting 'typo'",
        "sweep cosmoflow --out %/sweep --vary global_batch_size=4, 2, by --batches",
        "sweep cosmoflow --out %/sweep --batches 0, 2, --batches 0",
        "sweep cosmoflow --out %/sweep --batches=-2, 2, --batches -2",
        "sweep cosmoflow --out %/sweep --limits fast, 2, --limits: 'fast' is no rate",
        "sweep cosmoflow --out %/sweep --repeat 0, 2, --repeat 0",
        "predict --fit %/fit.json --nodes 1 --ranks-per-node 2 --threads 1500000000, 2, 2 ranks of 1500000000 threads",
        "predict --fit %/fit.json --nodes 1 --threads 3, 2, lower --threads or --ranks-per-node",
        "predict --fit %/fit.json --nodes 1 --ranks-per-node 3, 2, lower --threads or --ranks-per-node"
    })
    void badInputIsNamed(String words, int code, String message) {
        Captured found = command(words.replace("%", folder.toString()).split(" ", -1));
        assertEquals(code, found.code(), found.err());
        assertContains(message, found.err());
        assertFalse(Files.exists(folder.resolve("sweep")), "a sweep that cannot be has made something");
    }

    /** A run's report against a fit names limits at its efficiencies; the fit has the ceilings. */
    @Test
    void aRunIsReportedAgainstAFit() throws IOException {
        Path run = folder.resolve("runs/run-1");
        Captured found = Captured.of("report", run.resolve("run.json").toString(), "--fit", path("fit.json"));
        assertEquals(0, found.code(), found.err());
        assertContains("<th>fitted limit</th>", Files.readString(run.resolve("report.html")));
        assertTrue(Files.exists(run.resolve("report_charts/phases.svg")));
        Captured both = Captured.of(
                "report",
                run.resolve("run.json").toString(),
                "--fit",
                path("fit.json"),
                "--machine",
                path("machine.json"));
        assertEquals(2, both.code(), both.err());
        assertContains("leave --machine out", both.err());
    }

    /** Before training, not when the report is written. */
    @Test
    void aRunAgainstAFitOfOtherRunsIsRefused() {
        for (String other : List.of("deepcam", "cosmoflow --set precision=bf16")) {
            String words = "run " + other + " --dry-run --profile --fit " + path("fit.json");
            Captured found = Captured.of(words.split(" ", -1));
            assertEquals(2, found.code(), found.err());
            assertContains("fit.json: the fit is of cosmoflow in fp32, the run of", found.err());
        }
        Captured same = Captured.of("run", "cosmoflow", "--dry-run", "--profile", "--fit", path("fit.json"));
        assertEquals(0, same.code(), same.err());
    }

    @Test
    void countsAreListsAndRanges() {
        assertEquals(List.of(1, 2, 8), read("1,2,8"));
        assertEquals(List.of(1, 2, 4, 6), read("1..6"));
        assertEquals(List.of(3, 6, 12, 100), read("3..12,100"));
        for (String wrong : List.of("", "0", "4..2", "1..2..3", "a", "1,", "9999999999")) {
            assertThrows(TypeConversionException.class, () -> read(wrong), wrong);
        }
    }

    private static List<Integer> read(String text) {
        return new Counts.Reader().convert(text).values();
    }
}
