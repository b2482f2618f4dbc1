package org.mlhpc.results.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mlhpc.results.SampleMachines.direct;
import static org.mlhpc.results.SampleMachines.engine;
import static org.mlhpc.results.SampleMachines.machine;
import static org.mlhpc.results.SampleMachines.triad;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.LabelledRun;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.SampleProfiles;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredMachine;

class ChannelChartsTest {
    /** Numbers of figures have six digits. */
    private static final double ROUNDED = 1e-5;

    private static final MeasuredMachine MACHINE = machine(
            // Four ranks need 2 log2(4) messages of 1 us, and 3/2 of 1 MB at 1 GB/s: 1.504 ms.
            List.of(
                    Collective.of("ping-pong", 4, 4, new double[] {1e-6}),
                    Collective.of("all-reduce", 1_000_000, 4, new double[] {1.504e-3})),
            engine(1, 100e9),
            engine(2, 200e9),
            engine(4, 400e9),
            triad("DRAM", 1, 10e9),
            triad("DRAM", 2, 18e9),
            triad("DRAM", 4, 20e9),
            direct("sequential read", 1e9));

    private static Profile profile(int ranks, Optional<Double> limit) {
        return SampleProfiles.of(
                ranks,
                "fp32",
                limit,
                "forward",
                Map.of(Channel.MEMORY, 1e9, Channel.NETWORK, 4e6, Channel.STORAGE, 8e6));
    }

    private static RunRecord run(int ranks, int nodes, Optional<Double> limit) {
        return SampleRecords.profiled(profile(ranks, limit), nodes);
    }

    /** By their place: run 0, run 1. */
    private static List<LabelledRun> labelled(RunRecord... runs) {
        return IntStream.range(0, runs.length)
                .mapToObj(i -> new LabelledRun("run " + i, runs[i]))
                .toList();
    }

    private static Figure figure(String channel, RunRecord... runs) {
        return ChannelCharts.of(MACHINE, labelled(runs)).stream()
                .filter(figure -> figure.key().equals("channel-" + channel))
                .findFirst()
                .orElseThrow();
    }

    private static List<double[]> points(Figure figure, String series) {
        List<double[]> points = figure.texts().stream()
                .filter(row -> row.get(0).equals(series))
                .map(row -> new double[] {Double.parseDouble(row.get(1)), Double.parseDouble(row.get(2))})
                .toList();
        assertTrue(!points.isEmpty(), () -> series + " is not in " + figure.texts());
        return points;
    }

    private static void assertPoint(double x, double y, double[] point) {
        assertEquals(x, point[0], x * ROUNDED);
        assertEquals(y, point[1], y * ROUNDED);
    }

    /** 2 GFLOP in 250 ms by four ranks on two nodes, each of which moves half of 1 GB; a link moves 3/2 of 1 MB. */
    @Test
    void stepsAreOfOneNode() {
        RunRecord run = run(4, 2, Optional.empty());
        assertPoint(
                2, 4, points(figure("memory", run), "steps, fp32, 2 threads").get(0));
        assertPoint(
                1e9 / 1.5e6,
                4,
                points(figure("network", run), "steps, fp32, 2 threads").get(0));
    }

    /** Across the chart, in pixels: where the outline of the dot that is titled so begins. */
    private static double left(Figure figure, String label) {
        Matcher dot = Pattern.compile("<title>" + label + "</title>.*? d='M([0-9.]+)", Pattern.DOTALL)
                .matcher(figure.svg());
        assertTrue(dot.find(), () -> label + " is not in " + figure.svg());
        return Double.parseDouble(dot.group(1));
    }

    /** The second has less FLOP per byte, and would come first if dots were in the order of their places. */
    @Test
    void stepsNameTheirRuns() {
        Profile busy = SampleProfiles.of(2, "fp32", Optional.empty(), "forward", Map.of(Channel.MEMORY, 2e9));
        Figure memory = figure("memory", run(2, 1, Optional.empty()), SampleRecords.profiled(busy, 1));
        List<List<String>> steps = memory.texts().stream()
                .filter(row -> row.get(0).equals("steps, fp32, 2 threads"))
                .toList();
        assertEquals(
                List.of("run 0", "run 1"), steps.stream().map(row -> row.get(5)).toList());
        assertEquals(
                List.of("2.00000", "1.00000"),
                steps.stream().map(row -> row.get(1)).toList());
        assertTrue(left(memory, "run 1") < left(memory, "run 0"), memory::svg);
    }

    /** The ridge of 200 GFLOP/s and 18 GB/s, and of 400 and 20. */
    @Test
    void roofsAreAtTheThreadsOfTheRunAndEndAtItsArithmetic() {
        Figure memory = figure("memory", run(2, 1, Optional.empty()), run(4, 1, Optional.empty()));
        List<double[]> two = points(memory, "roof, fp32, 2 threads");
        assertPoint(200 / 18.0, 200, two.get(1));
        assertEquals(18, two.get(0)[1] / two.get(0)[0], 18 * ROUNDED);
        assertEquals(200, two.get(2)[1], 200 * ROUNDED);
        assertPoint(20, 400, points(memory, "roof, fp32, 4 threads").get(1));
    }

    /** 8 MB of files; unlimited, a quarter of them came from devices. */
    @Test
    void storageHasARoofAtTheLimitOrAtDirectReads() {
        RunRecord limited = run(2, 1, Optional.of(5e7));
        var input = new RunRecord.Input(4_000_000, Optional.of(1e6), 0, 1, 1);
        RunRecord free = SampleRecords.profiled(profile(2, Optional.empty()), 1, input);
        Figure storage = figure("storage", limited, free);
        assertPoint(
                2e9 / 8e6,
                8,
                points(storage, "steps, held to 50.00 MB/s, fp32, 2 threads").get(0));
        assertPoint(
                200e9 / 5e7,
                200,
                points(storage, "roof, held to 50.00 MB/s, fp32, 2 threads").get(1));
        assertPoint(
                2e9 / 2e6,
                8,
                points(storage, "steps, direct reads, fp32, 2 threads").get(0));
        assertPoint(
                200, 200, points(storage, "roof, direct reads, fp32, 2 threads").get(1));
    }

    /** Nobody counted the reads of the one; the other has one rank, which sends nothing. */
    @Test
    void whatDidNotMoveOrIsNotKnownHasNoPanel() {
        RunRecord alone = run(1, 1, Optional.empty());
        assertEquals(
                List.of("channel-memory"),
                ChannelCharts.of(MACHINE, labelled(alone)).stream()
                        .map(Figure::key)
                        .toList());
    }
}
