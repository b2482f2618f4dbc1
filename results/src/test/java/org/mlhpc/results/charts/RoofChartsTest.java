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
