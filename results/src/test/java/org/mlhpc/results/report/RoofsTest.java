package org.mlhpc.results.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mlhpc.results.SampleMachines.direct;
import static org.mlhpc.results.SampleMachines.engine;
import static org.mlhpc.results.SampleMachines.machine;
import static org.mlhpc.results.SampleMachines.triad;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.results.Profile;
import org.mlhpc.results.SampleProfiles;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredMachine;

class RoofsTest {
    /** So fast that the 2 GFLOP of a phase never limit it. */
    private static final double FAST = 1e18;

    private static final MeasuredMachine MACHINE = machine(
            // Four ranks need 2 log2(4) messages of 1 us, and 3/2 of 1 MB at 1 GB/s: 1.504 ms.
            List.of(
                    Collective.of("ping-pong", 4, 4, new double[] {1e-6}),
                    Collective.of("all-reduce", 1_000_000, 4, new double[] {1.504e-3})),
            engine(2, FAST),
            triad("DRAM", 2, FAST),
            direct("sequential read", 1e9),
            direct("sequential write", 5e8));

    private static Optional<Roofs.Bound> bound(MeasuredMachine measured, Profile profile, int nodes) {
        return new Roofs(measured, SampleRecords.profiled(profile, nodes), profile)
                .of(profile.phases().get(0));
    }

    private static Profile profile(int ranks, Optional<Double> limit, String phase, Channel channel, double bytes) {
        return SampleProfiles.of(ranks, "fp32", limit, phase, Map.of(channel, bytes));
    }

    private static void assertBound(Resource resource, double seconds, Optional<Roofs.Bound> found) {
        assertEquals(resource, found.orElseThrow().resource());
        assertEquals(seconds, found.orElseThrow().seconds(), 1e-9);
    }

    @Test
    void loadersReadAtTheLimitOfTheRun() {
        Profile free = profile(2, Optional.empty(), "data_stall", Channel.STORAGE, 1e6);
        Profile limited = profile(2, Optional.of(5e7), "data_stall", Channel.STORAGE, 1e6);
        assertBound(Resource.STORAGE, 1e-3, bound(MACHINE, free, 1));
        assertBound(Resource.STORAGE, 20e-3, bound(MACHINE, limited, 1));
        assertBound(Resource.STORAGE, 10e-3, bound(MACHINE, limited, 2));
    }

    /** By one node, and no loader. */
    @Test
    void checkpointsAreWritten() {
        Profile limited = profile(2, Optional.of(5e7), "checkpoint", Channel.STORAGE, 1e6);
        assertBound(Resource.STORAGE, 2e-3, bound(MACHINE, limited, 1));
        assertBound(Resource.STORAGE, 2e-3, bound(MACHINE, limited, 2));
        MeasuredMachine unknown = machine(engine(2, FAST), triad("DRAM", 2, FAST), direct("sequential read", 1e9));
        assertTrue(bound(unknown, limited, 1).isEmpty());
    }

    /** Three ranks on two nodes are not four: 4 us, and 4/3 of what each of them gives. */
    @Test
    void payloadIsSharedByTheRanksThereAre() {
        assertBound(
                Resource.NETWORK,
                4e-6 + 4.0 / 3 * 1e-3,
                bound(MACHINE, profile(3, Optional.empty(), "all_reduce", Channel.NETWORK, 3e6), 2));
        assertBound(
                Resource.NETWORK,
                1.504e-3,
                bound(MACHINE, profile(4, Optional.empty(), "all_reduce", Channel.NETWORK, 4e6), 2));
    }

    @Test
    void aWorkloadThatTellsNoPrecisionIsNotTheFaultOfTheMeasurement() {
        Profile silent = SampleProfiles.of(2, "", Optional.empty(), "forward", Map.of());
        var thrown = assertThrows(IllegalArgumentException.class, () -> bound(MACHINE, silent, 1));
        assertTrue(thrown.getMessage().contains("cosmoflow does not tell the precision"), thrown.getMessage());
        String html = RunReport.html(SampleRecords.profiled(silent, 1), Optional.of(MACHINE));
        assertTrue(html.contains("No roofs: the workload cosmoflow does not tell the precision"), html);
        assertTrue(!html.contains("measure again"), html);
    }
}
