package org.mlhpc.results.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.Work;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.Doubt;
import org.mlhpc.roofline.fit.StepModel;
import org.xml.sax.InputSource;

class RunReportTest {
    private static final RunRecord.Input INPUT = new RunRecord.Input(4 << 20, Optional.of(1048576.0), 0.125, 3.1, 2);
    private static final RunRecord.Staging STAGING = new RunRecord.Staging(
            "read once and forward",
            "asked for",
            "a",
            "b",
            8 << 20,
            24 << 20,
            2 << 20,
            Optional.empty(),
            0.5,
            Optional.of(0.75),
            "train/slow",
            0.25,
            List.of(new RunRecord.StagingRank(0, 0, 16 << 20, 0.5), new RunRecord.StagingRank(1, 1, 16 << 20, 0.5)));

    @Test
    void shows_the_score_as_unverified() {
        assertContains("time to train 12.50 s = 0.2083 min (unverified", RunReport.html(run("note")));
    }

    @Test
    void gives_no_score_to_a_run_that_missed_its_target() {
        String html = RunReport.html(run("note", "aborted", List.of()));

        assertContains("Target missed after 0 epochs: no score; the run took 12.50 s", html);
        assertFalse(html.contains("time to train"));
    }

    @Test
    void repeats_the_command_as_a_shell_takes_it() {
        assertContains(
                "called with: run cosmoflow --platform &#39;it&#39;\\&#39;&#39;s new&#39;",
                RunReport.html(run("note")));
    }

    @Test
    void needs_nothing_from_elsewhere() {
        String html = RunReport.html(run("note")).replaceAll(" xmlns(:\\w+)?=['\"][^'\"]*['\"]", "");
        for (String reference : List.of("http", "<script", "<link", "<img", "@import")) {
            assertFalse(html.contains(reference), reference);
        }
    }

    @Test
    void lists_phases_that_add_up_to_the_wall_time() {
        String html = RunReport.html(run("note"));
        assertContains("<td>sum of phases</td><td class=\"number\">16.0000 s</td>", html);
        assertContains("<td>wall time</td><td class=\"number\">16.0000 s</td>", html);
    }

    @Test
    void escapes_what_users_name() {
        String html = RunReport.html(run("<img src=x onerror=alert(1)>"));
        assertFalse(html.contains("<img"));
        assertContains("&lt;img src=x onerror=alert(1)&gt;", html);
    }

    @Test
    void says_which_channel_was_not_measured() {
        String html = RunReport.html(run("note"));
        assertContains("<td>memory traffic, all ranks</td><td>not measured</td>", html);
        assertContains("<td>network traffic, all ranks</td><td>3.0 MiB</td>", html);
    }

    @Test
    void shows_what_staging_did_beside_its_prediction() {
        String html = RunReport.html(run("note"));
        assertContains("<td>time</td><td>0.500 s</td>", html);
        assertContains("<td>predicted</td><td>0.750 s</td>", html);
        assertContains("<td>rate, all ranks</td><td>64.0 MiB/s</td>", html);
        assertContains("<td>of it by devices</td><td>not measured</td>", html);
        assertContains("train/<wbr>slow, 0.250 s", html);
    }

    @Test
    void shows_how_much_of_the_input_was_cached() {
        assertContains("1.0 MiB (25 %)", RunReport.html(run("note")));
    }

    @Test
    void draws_charts_that_are_well_formed_and_labelled() throws Exception {
        List<String> charts = found("(?s)<svg.*?</svg>", RunReport.html(run("note")));
        assertEquals(4, charts.size());
        for (String chart : charts) {
            var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            var document = parser.parse(new InputSource(new StringReader(chart)));
            assertTrue(document.getElementsByTagName("text").getLength() > 0);
        }
    }

    @Test
    void gives_each_element_an_identifier_of_its_own() {
        List<String> identifiers = found("(?<= id=['\"])[^'\"]+", RunReport.html(run("note")));
        assertTrue(identifiers.size() >= 4);
        assertEquals(identifiers.size(), Set.copyOf(identifiers).size());
    }

    @Test
    void reports_a_run_without_epochs() {
        assertContains("No epoch was finished.", RunReport.html(run("note", List.of())));
    }

    @Test
    void tells_when_the_run_did_not_go_on() {
        assertContains(
                "interrupted after epoch 1, step 17 at 2026-01-02T03:05:00Z, resumed at 2026-01-02T03:05:04Z, 4.5 s between",
                RunReport.html(SampleRecords.RUN));
    }

    @Test
    void shows_each_ranks_own_time_and_says_where_it_is_not_known() {
        String html = RunReport.html(run("note"));
        assertContains("250.00 ms", html);
        assertContains("not measured", html);
        assertFalse(html.contains("times the median"), html);
    }

    @Test
    void replaces_an_older_report_and_leaves_no_other_file(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.html");
        Files.writeString(file, "old");
        RunReport.write(file, run("note"), Optional.empty());
        assertTrue(Files.readString(file).startsWith("<!DOCTYPE html>"));
        assertArrayEquals(new String[] {"report.html"}, folder.toFile().list());
    }

    /** Phases and operators have ceilings to stand below, and memory is a channel that the step used. */
    @Test
    void writesTheChartsOfAProfileBesideIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report_2.html");
        RunReport.write(file, SampleRecords.profiled(), Optional.of(Ceilings.of(machine("cpu", "fp32"))));
        String page = Files.readString(file);
        for (String key : List.of("phases", "operators", "channel-memory")) {
            for (String kind : List.of(".svg", ".png", ".csv")) {
                assertTrue(Files.size(folder.resolve("report_2_charts").resolve(key + kind)) > 100, key + kind);
            }
            assertContains(Files.readString(folder.resolve("report_2_charts/" + key + ".svg")), page);
        }
        RunReport.write(file, SampleRecords.profiled(), Optional.empty());
        assertArrayEquals(new String[] {"report_2.html"}, folder.toFile().list());
    }

    @Test
    void saysWhereCountersTookTooLong() {
        assertFalse(RunReport.html(SampleRecords.profiled()).contains("counting took"));
        assertContains(
                "counting took 2.0 % of the time that they counted, more than 1 %",
                RunReport.html(SampleRecords.profiled(counting(0.02), 1)));
    }

    private static Profile counting(double share) {
        Profile usual = SampleRecords.PROFILE;
        return new Profile(
                usual.steps(),
                usual.meanStepSeconds(),
                usual.stepSeconds(),
                usual.samplesPerStep(),
                usual.ranks(),
                usual.threadsPerRank(),
                usual.precision(),
                usual.storageLimit(),
                usual.phases(),
                usual.layers(),
                usual.counted(),
                Optional.of(share));
    }

    /** 2 GFLOP in 20 ms at the ceiling, so 40 ms at half of it, and 3 MB in 0.75 ms at a tenth of 40 GB/s. */
    @Test
    void aFitHasColumnsOfItsOwn() {
        var model = new StepModel(Map.of(Resource.COMPUTE, 0.5, Resource.MEMORY, 0.1), 0.001, 0.5);
        var doubts = List.of(
                Doubt.about(Set.of(Resource.MEMORY), "memory cannot be told"),
                Doubt.about(Set.of(Resource.LOADER), "loading cannot be told"));
        var fit = new Ceilings.Fit("cosmoflow", "fp32", model, doubts);
        var ceilings = new Ceilings(machine("cpu", "fp32"), Optional.of(fit));
        String html = RunReport.html(SampleRecords.profiled(), Optional.of(ceilings));
        assertContains("<td class=\"number\">16.0 %</td><td>compute</td><td class=\"number\">40.00 ms</td>", html);
        assertContains("(compute 0.50, memory 0.10)", html);
        assertContains("<li>memory cannot be told</li>", html);
        assertFalse(html.contains("loading cannot be told"), "no loader works in this run");
        assertFalse(RunReport.html(SampleRecords.profiled()).contains("fitted limit"));
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static void assertContains(String expected, String html) {
        assertTrue(html.contains(expected), () -> expected + " is not in the report");
    }

    @Test
    void aProfileHasItsSection() {
        String html = RunReport.html(SampleRecords.profiled());

        assertContains("<h2>Profile</h2>", html);
        assertContains(
                "9 steps of 4 samples timed: median 200.0 ms (quartiles 100.0 to 300.0 ms) with 2 x 1 threads", html);
        assertContains("loaders of a node held to 50.00 MB/s", html);
        // 2 GFLOP and 3 MB in 125 ms.
        assertContains("<td class=\"number\">16.00</td>", html);
        assertContains("memory 24.00 MB", html);
        assertContains("2 x 16 x 8 x 8 x 8", html);
        assertContains("Counting took 0.1000 % of that time.", html);
    }

    /**
     * Two ranks of one thread on a node of 100 GFLOP/s and 40 GB/s. Forward: 2 GFLOP of both need 20 ms of 125, 3 MB far less.
     * The operator's 1 GFLOP need 20 ms at a rank's half, of 10 measured.
     */
    @Test
    void ceilingsAreRoofsOverPhasesAndOperators() {
        String html = RunReport.html(SampleRecords.profiled(), Optional.of(Ceilings.of(machine("cpu", "fp32"))));

        assertContains("Roofs: node, cpu, measured 1970-01-01T00:00:00Z. Limit is", html);
        assertContains("<td>compute</td><td class=\"number\">20.00 ms</td><td class=\"number\">16.0 %</td>", html);
        assertContains("<td class=\"number\">200.0</td>", html);
        assertContains("Operators below the roofs", html);
    }

    @Test
    void ceilingsOfAnotherKindAreToldApart() {
        assertContains(
                "Another processor than that of the run, cpu.",
                RunReport.html(SampleRecords.profiled(), Optional.of(Ceilings.of(machine("a faster one", "fp32")))));
        assertContains(
                "No roofs: the measurement of node has no arithmetic in fp32",
                RunReport.html(SampleRecords.profiled(), Optional.of(Ceilings.of(machine("cpu", "fp64")))));
        assertContains("--machine machine.json", RunReport.html(SampleRecords.profiled()));
    }

    private static MeasuredMachine machine(String cpu, String precision) {
        return MeasuredMachine.builder()
                .host("node")
                .cpu(cpu)
                .cores(2)
                .ceilings(List.of(
                        ceiling(Resource.COMPUTE, "engine", "matmul", precision, 100e9),
                        ceiling(Resource.MEMORY, "DRAM", "triad", "", 40e9)))
                .build();
    }

    private static MeasuredCeiling ceiling(
            Resource resource, String level, String operation, String precision, double rate) {
        return MeasuredCeiling.of(
                resource, level, operation, precision, 2, resource.unit(), Spread.of(rate), Optional.empty());
    }

    private static RunRecord run(String note) {
        return run(
                note,
                List.of(
                        new RunRecord.Epoch(1, 0.1, 64, 4, 0.25, 1, 0.5, 0.3, 0.2, Optional.of(INPUT)),
                        new RunRecord.Epoch(2, 0.1, 64, 4, 0.25, 1, 0.5, 0.2, 0.1, Optional.of(INPUT))));
    }

    private static RunRecord run(String note, List<RunRecord.Epoch> epochs) {
        return run(note, "success", epochs);
    }

    private static RunRecord run(String note, String status, List<RunRecord.Epoch> epochs) {
        Map<String, Double> phases = new LinkedHashMap<>();
        phases.put("preparation", 3.5);
        phases.put("data_stall", 0.5);
        phases.put("backward", 12.0);
        return new RunRecord(
                "cosmoflow",
                "tiny",
                0,
                7,
                "open",
                status,
                Instant.parse("2026-01-02T03:04:05Z"),
                new RunRecord.Suite("1.0", "abc", List.of("run", "cosmoflow", "--platform", "it's new")),
                Map.of("base_lr", "0.1"),
                "00ff",
                new RunRecord.Goal("eval_error", true, 0.124),
                new RunRecord.Model(1000, 2e9),
                new RunRecord.Machine(
                        "host", 1, 2, 1, "cpu", 2, 1L << 30, "", 0, "Linux", "JDK", "Open MPI", "libtorch", "jemalloc"),
                phases,
                12.5,
                16.0,
                Optional.of(STAGING),
                epochs,
                List.of(),
                List.of(
                        new RunRecord.Rank(0, "n1", 0.5, 0.1, 0, Optional.of(0.25)),
                        new RunRecord.Rank(1, "n1", 0.4, 0.2, 0, Optional.empty())),
                new Work(1e12, Map.of(Channel.NETWORK, 3.0 * (1 << 20))),
                Optional.empty(),
                List.of(note));
    }
}
