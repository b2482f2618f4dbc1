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
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.SampleProfiles;
import org.mlhpc.results.SampleRecords;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.StepModel;

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
        return new Roofs(Ceilings.of(measured), SampleRecords.profiled(profile, nodes), profile)
                .of(profile.phases().get(0));
    }

    /** Of the phase that reads 1 MB, where {@code fromDevices} of 4 MB in all came from devices. */
    private static Optional<Roofs.Bound> reading(Optional<Double> fromDevices, double neededThreads) {
        Profile profile = profile(2, Optional.empty(), "data_stall", Channel.STORAGE, 1e6);
        var input = new RunRecord.Input(4_000_000, fromDevices, 0.125, neededThreads, 2);
        return new Roofs(Ceilings.of(MACHINE), SampleRecords.profiled(profile, 1, input), profile)
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
        Profile limited = profile(2, Optional.of(5e7), "data_stall", Channel.STORAGE, 1e6);
        assertBound(Resource.STORAGE, 20e-3, bound(MACHINE, limited, 1));
        assertBound(Resource.STORAGE, 10e-3, bound(MACHINE, limited, 2));
    }

    @Test
    void storageLimitsByWhatItDelivered() {
        assertBound(Resource.STORAGE, 1e-3, reading(Optional.of(4e6), 0));
        assertBound(Resource.STORAGE, 0.25e-3, reading(Optional.of(1e6), 0));
        assertEquals(
                Resource.COMPUTE, reading(Optional.of(0.0), 0).orElseThrow().resource(), "from the page cache");
    }

    /** Two ranks need 0.01 threads each for 3.75 s to read 4 MB, so 18.75 ms for 1 MB, which four threads share. */
    @Test
    void loadersLimitWhereTheyNeedLonger() {
        assertBound(Resource.LOADER, 18.75e-3 / 4, reading(Optional.of(1e6), 0.01));
        assertBound(Resource.LOADER, 18.75e-3 / 4, reading(Optional.of(0.0), 0.01));
        assertBound(Resource.STORAGE, 1e-3, reading(Optional.of(4e6), 0.001));
    }

    @Test
    void nothingIsSaidOfReadsThatNobodyCounted() {
        assertEquals(Optional.empty(), reading(Optional.empty(), 0.01));
    }

    /** 2 GFLOP need 20 ms and 2 GB 10 ms of one node; a tenth of the memory's rate turns that round. */
    @Test
    void aFitNamesWhatLimitsAtItsEfficiencies() {
        MeasuredMachine machine = machine(engine(2, 100e9), triad("DRAM", 2, 200e9));
        Profile profile = profile(2, Optional.empty(), "forward", Channel.MEMORY, 2e9);
        var model = new StepModel(Map.of(Resource.COMPUTE, 0.8, Resource.MEMORY, 0.1), 0.001, 0.5);
        Roofs roofs = roofs(machine, profile, "cosmoflow", model);
        Profile.Phase forward = profile.phases().get(0);
        assertBound(Resource.COMPUTE, 20e-3, roofs.of(forward));
        assertBound(Resource.MEMORY, 100e-3, roofs.fitted(forward));
        var half = new Profile.Pass(1e9, 1e9, Optional.empty());
        assertBound(Resource.COMPUTE, 20e-3, roofs.of(half));
        assertBound(Resource.MEMORY, 100e-3, roofs.fitted(half));
    }

    @Test
    void aFitThatKnowsTooLittleNamesNothing() {
        Profile profile = profile(2, Optional.empty(), "forward", Channel.MEMORY, 2e9);
        var model = new StepModel(Map.of(Resource.COMPUTE, 0.8), 0, 0.5);
        Roofs roofs = roofs(MACHINE, profile, "cosmoflow", model);
        assertEquals(Optional.empty(), roofs.fitted(profile.phases().get(0)));
        var thrown = assertThrows(IllegalArgumentException.class, () -> roofs(MACHINE, profile, "deepcam", model));
        assertTrue(thrown.getMessage().contains("the fit is of deepcam in fp32"), thrown.getMessage());
    }

    private static Roofs roofs(MeasuredMachine machine, Profile profile, String workload, StepModel model) {
        var ceilings = new Ceilings(machine, Optional.of(new Ceilings.Fit(workload, "fp32", model, List.of())));
        return new Roofs(ceilings, SampleRecords.profiled(profile, 1), profile);
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
        String html = RunReport.html(SampleRecords.profiled(silent, 1), Optional.of(Ceilings.of(MACHINE)));
        assertTrue(html.contains("No roofs: the workload cosmoflow does not tell the precision"), html);
        assertTrue(!html.contains("measure again"), html);
    }
}
