package org.mlhpc.results.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mlhpc.results.SampleMachines.engine;
import static org.mlhpc.results.SampleMachines.machine;
import static org.mlhpc.results.SampleMachines.plainLoop;
import static org.mlhpc.results.SampleMachines.triad;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.Profile;
import org.mlhpc.results.SampleProfiles;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.ceilings.MeasuredMachine;

class RoofChartsTest {
    /** Numbers of figures have six digits. */
    private static final double ROUNDED = 1e-5;

    /** Caches with one thread and all four, main memory at each step, as they are measured. */
    private static final MeasuredMachine MACHINE = machine(
            engine(1, 100e9),
            engine(4, 400e9),
            triad("L1", 1, 50e9),
            triad("L1", 4, 200e9),
            triad("DRAM", 1, 10e9),
            triad("DRAM", 2, 18e9),
            triad("DRAM", 4, 20e9));

    private static Profile profile(int ranks) {
        return SampleProfiles.of(
                ranks, "fp32", Optional.empty(), "forward", Map.of(Channel.MEMORY, 1e9, Channel.NETWORK, 4e6));
    }

    /** The first point of a series: x and y. */
    private static double[] point(Figure figure, String series) {
        List<String> row = figure.texts().stream()
                .filter(each -> each.get(0).equals(series))
                .findFirst()
                .orElseThrow();
        return new double[] {Double.parseDouble(row.get(1)), Double.parseDouble(row.get(2))};
    }

    private static void assertRoof(double gigabytes, Figure figure, String level) {
        double[] point = point(figure, level);
        assertEquals(gigabytes, point[1] / point[0], gigabytes * ROUNDED, level);
    }

    @Test
    void everyRoofIsAtTheThreadsOfTheRun() {
        Figure figure = RoofCharts.hierarchy("key", "title", MACHINE, profile(2), 1);
        assertRoof(100, figure, "L1");
        assertRoof(18, figure, "DRAM");
        assertEquals(200, point(figure, "fp32 arithmetic")[1], 200 * ROUNDED);
        assertRoof(50, RoofCharts.hierarchy("key", "title", MACHINE, profile(1), 1), "L1");
        assertRoof(200, RoofCharts.hierarchy("key", "title", MACHINE, profile(8), 1), "L1");
    }

    /** 100 GFLOP/s of each rank. */
    @Test
    void operatorsAboveTheRoofAreExplained() {
        String above = "zeros around an image";
        assertTrue(RoofCharts.hierarchy("key", "title", machine(engine(1, 90e9)), profile(1), 1)
                .svg()
                .contains(above));
        assertFalse(RoofCharts.hierarchy("key", "title", machine(engine(1, 110e9)), profile(1), 1)
                .svg()
                .contains(above));
    }

    /** The sample's backward was not timed, so that it has no dot. */
    @Test
    void operatorsAreNamed() {
        Profile usual = profile(2);
        Profile.Layer layer = usual.layers().get(0);
        List<Profile.Layer> layers = List.of(
                new Profile.Layer("conv <1>", layer.output(), layer.forward(), layer.forward()),
                new Profile.Layer("conv \"2\", second", layer.output(), layer.forward(), layer.backward()));
        Figure figure = RoofCharts.hierarchy("key", "title", MACHINE, with(usual, layers), 1);
        assertEquals(List.of("series", RoofCharts.INTENSITY, RoofCharts.RATE, "low", "high", "label"), figure.header());
        assertEquals(List.of("conv <1>", "conv \"2\", second"), labels(figure, "forward"));
        assertEquals(List.of("conv <1>"), labels(figure, "backward"));
        assertEquals(List.of("", ""), labels(figure, "L1"));
        assertTrue(figure.csv().contains(",\"conv \"\"2\"\", second\"\n"), figure::csv);
        assertEquals(2, figure.svg().split("<title>conv &lt;1&gt;</title>", -1).length - 1);
        assertTrue(figure.png().length > 0, "titles are for SVG alone");
    }

    private static Profile with(Profile profile, List<Profile.Layer> layers) {
        return new Profile(
                profile.steps(),
                profile.meanStepSeconds(),
                profile.stepSeconds(),
                profile.samplesPerStep(),
                profile.ranks(),
                profile.threadsPerRank(),
                profile.precision(),
                profile.storageLimit(),
                profile.phases(),
                layers,
                profile.counted(),
                profile.countingShare());
    }

    private static List<String> labels(Figure figure, String series) {
        return figure.texts().stream()
                .filter(row -> row.get(0).equals(series))
                .map(row -> row.get(5))
                .toList();
    }

    @Test
    void saysThatIntensitiesAreThoseOfCompulsoryBytes() {
        String svg =
                RoofCharts.hierarchy("key", "title", MACHINE, profile(2), 1).svg();
        assertTrue(svg.contains("that of compulsory bytes"), svg);
    }

    /** 1 GFLOP in 10 ms by each rank. */
    @Test
    void roofsAndOperatorsAreOfOneNode() {
        for (int nodes : new int[] {1, 2, 8}) {
            Figure figure = RoofCharts.hierarchy("key", "title", MACHINE, profile(2 * nodes), nodes);
            assertEquals(200, point(figure, "forward")[1], 200 * ROUNDED);
            assertRoof(100, figure, "L1");
        }
    }

    @Test
    void withoutAnEngineThePlainLoopIsTheRoof() {
        Figure figure = RoofCharts.hierarchy(
                "key", "title", machine(plainLoop(2, 60e9), triad("DRAM", 2, 18e9)), profile(2), 1);
        assertEquals(60, point(figure, "fp32 arithmetic")[1], 60 * ROUNDED);
        assertTrue(figure.texts().stream().noneMatch(row -> row.get(0).equals("L1")), "not measured");
    }
}
