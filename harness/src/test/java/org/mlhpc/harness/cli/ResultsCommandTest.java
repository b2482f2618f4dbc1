package org.mlhpc.harness.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.entry.SampleLogs;

class ResultsCommandTest {
    @TempDir
    private Path folder;

    private String runs(String name, long batch, long trainMillis) throws IOException {
        for (int run = 0; run < 10; run++) {
            SampleLogs.write(
                    folder.resolve(name).resolve("result_" + run + ".txt"),
                    SampleLogs.cosmoflow(8 + run % 3, batch, trainMillis + 10L * run));
        }
        return folder.resolve(name).toString();
    }

    private static void assertContains(String expected, String text) {
        assertTrue(text.contains(expected), () -> expected + " is not in " + text);
    }

    @Test
    void summaryShowsPublishedResultsWithoutAnyDownload() throws IOException {
        Captured text = Captured.of("results", "summary", "--benchmark", "openfold", "--metric", "time_to_train");
        assertEquals(0, text.code());
        assertContains("3.0/NVIDIA/eos_n260_ngc23.09_pytorch", text.out());
        assertContains("reviewed", text.out());
        JsonNode json = new ObjectMapper()
                .readTree(Captured.of("results", "summary", "--format", "json").out());
        assertEquals(90, json.size());
        assertEquals(461.008594, json.get(0).get("score").doubleValue());
        assertEquals(
                91,
                Captured.of("results", "summary", "--format", "csv")
                        .out()
                        .lines()
                        .count());
    }

    @Test
    void summaryOfOwnRunsIsUnverified() throws IOException {
        Captured text = Captured.of("results", "summary", runs("mine", 64, 20_000));
        assertEquals(0, text.code());
        assertContains("own/mine", text.out());
        assertContains("unverified", text.out());
    }

    @Test
    void comparesOwnRunsAndSaysWhy() throws IOException {
        Captured text = Captured.of("results", "compare", runs("slow", 64, 40_000), runs("fast", 64, 20_000));
        assertEquals(0, text.code());
        assertContains("B is faster: 1.", text.out());
        assertContains("training per epoch", text.out());
        assertContains("note: unverified", text.out());
    }

    @Test
    void aSmallDifferenceCannotBeTold() throws IOException {
        Captured text = Captured.of("results", "compare", runs("a", 64, 20_000), runs("b", 64, 20_100));
        assertContains("cannot tell: B looks", text.out());
    }

    @Test
    void incomparableResultsGetNoVerdict() {
        String[] pair = {"results", "compare", "1.0/longhorn-tf", "2.0/longhorn-tf"};
        Captured refused = Captured.of(pair);
        assertEquals(0, refused.code());
        assertContains("not comparable, no verdict", refused.out());
        assertContains("changed between rounds 1.0 and 2.0", refused.out());
        Captured anyway = Captured.of("results", "compare", "--anyway", pair[2], pair[3]);
        assertContains("cannot tell: B looks 1.000 times", anyway.out());
        assertContains("changed between rounds 1.0 and 2.0", anyway.out());
    }

    @Test
    void factorsInJsonMultiplyToTheSpeed() throws IOException {
        JsonNode row = new ObjectMapper()
                .readTree(Captured.of(
                                "results",
                                "compare",
                                "--per-accelerator",
                                "--format",
                                "json",
                                "1.0/dgxa100_n16_ngc21.09_mxnet",
                                "1.0/dgxa100_n128_ngc21.09_mxnet")
                        .out())
                .get(0);
        double product = 1;
        for (var member : row.properties()) {
            product *= member.getKey().startsWith("factor_") ? member.getValue().doubleValue() : 1;
        }
        assertEquals(row.get("speed").doubleValue(), product, 1e-3 * product);
        assertEquals("slower", row.get("verdict").textValue());
    }

    @Test
    void mistakesSayWhatToDo() {
        Captured unknown = Captured.of("results", "compare", "2.0/dgxa100_n46", "2.0/longhorn-tf");
        assertEquals(3, unknown.code());
        assertContains("near: 1.0/NVIDIA/dgxa100_n128_ngc21.09_mxnet", unknown.err());
        Captured several = Captured.of("results", "compare", "1.0/*", "1.0/longhorn-tf");
        assertEquals(2, several.code());
        assertContains("has several results of", several.err());
        assertContains("--benchmark", several.err());
        Captured nothing = Captured.of("results", "compare", "1.0/longhorn-tf", "3.0/lonestar6-pytorch");
        assertEquals(3, nothing.code());
        assertContains("nothing to compare", nothing.err());
        assertEquals(2, Captured.of("results").code());
        assertEquals(2, Captured.of("results", "summary", "--wanted", "0").code());
    }

    @Test
    void scalingHasEfficiencyAndCriticalBatch() {
        Captured text = Captured.of("results", "scaling", "1.0/dgxa100_n*", "--benchmark", "cosmoflow");
        assertEquals(0, text.code());
        assertContains("0.4513", text.out());
        assertContains("samples to converge =", text.out());
    }

    @Test
    void reportsDamagedLogsAndGoesOn() throws IOException {
        String own = runs("mine", 64, 20_000);
        Files.writeString(folder.resolve("mine/result_3.txt"), "nonsense");
        Path out = folder.resolve("report");
        Captured text = Captured.of("results", "report", own, "--out", out.toString());
        assertEquals(0, text.code());
        assertContains("result_3.txt: no MLPerf log; skipped", text.err());
        assertContains(
                "result_3.txt: no MLPerf log; skipped",
                Files.readString(out.resolve("report.html")).replace("<wbr>", ""));
        assertTrue(Files.exists(out.resolve("charts/cosmoflow-spread.csv")));
    }

    @Test
    void storeListsDiffersAndAnswers() throws IOException {
        String store = folder.resolve("db/results.db").toString();
        String own = runs("mine", 64, 20_000);
        assertContains(
                "10 runs added",
                Captured.of("results", "add", own, "--store", store).out());
        assertContains(
                "0 runs added to " + store + ", 10 were there",
                Captured.of("results", "add", own, "--store", store).out());
        Captured list = Captured.of("results", "list", "--store", store, "--format", "csv");
        assertEquals(11, list.out().lines().count());
        assertEquals(
                list.out().lines().count(),
                Captured.of("results", "list", own, "--format", "csv")
                        .out()
                        .lines()
                        .count());
        Captured diff = Captured.of("results", "diff", "1", "2", "--store", store, "--format", "csv");
        assertEquals(0, diff.code(), diff.err());
        assertContains("number,run minutes", diff.out());
        assertFalse(diff.out().contains("configuration"), diff.out());
        Captured query =
                Captured.of("results", "query", "SELECT count(*) AS n FROM runs", "--store", store, "--format", "csv");
        assertEquals("n\n10\n", query.out());
        assertEquals(
                2,
                Captured.of("results", "query", "DROP TABLE runs", "--store", store)
                        .code());
        assertEquals(
                3,
                Captured.of(
                                "results",
                                "list",
                                "--store",
                                folder.resolve("absent.db").toString())
                        .code());
    }
}
