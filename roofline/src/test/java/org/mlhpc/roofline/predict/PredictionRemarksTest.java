package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.AllReduce;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.Doubt;
import org.mlhpc.roofline.predict.DataPlan.Staging;

/** What predictions say beside their numbers. */
class PredictionRemarksTest {
    private final FittedRuns runs = SyntheticFit.runs();

    @Test
    void saysHowFarItIsBeyondTheRuns() {
        assertEquals(
                List.of(),
                SyntheticFit.predict(runs, SyntheticFit.measured(2, 1), 2, Staging.SHARD)
                        .remarks());
        Projection far = SyntheticFit.predict(runs, SyntheticFit.measured(2, 1), 1024, Staging.SHARD);
        assertEquals(512, far.extrapolation(), 1e-9);
        assertEquals(List.of("more than 10 times beyond the runs: nodes, ranks, batch to converge"), far.remarks());
    }

    /** Arithmetic two thousand times as fast: what loaders take from its cores is left, less than in any run. */
    @Test
    void anotherMachineMayBeBeyondTheRunsToo() {
        Cluster fast = new WhatIf(Map.of(WhatIf.Part.COMPUTE, 2000.0)).applyTo(SyntheticFit.measured(2, 1));
        Projection found = SyntheticFit.predict(runs, fast, 2, Staging.SHARD);
        double seconds = 0.1 / 2000 + Cluster.LOST_TO_LOADER * 0.008 / 4;
        assertEquals(0.01 / seconds, found.extrapolation(), 1e-6);
    }

    @Test
    void aNetworkOfOtherRanksIsRemarkedOn() {
        assertContains(
                "within one node, used between nodes: measure it in a job of several (srun -N 2 -n 2 ./mlhpc roofline measure"
                        + " --ranks 2 --out machine.json)",
                SyntheticFit.predict(runs, SyntheticFit.measured(1, 2), 2, Staging.SHARD));
        assertContains(
                "measured with 4 ranks on a node, used with 1, and ranks of a node share its links",
                SyntheticFit.predict(runs, SyntheticFit.measured(2, 4), 2, Staging.SHARD));
        assertContains("unknown ranks", SyntheticFit.predict(runs, ClusterTest.cluster(), 2, Staging.SHARD));
        assertEquals(
                List.of(),
                SyntheticFit.predict(runs, SyntheticFit.measured(1, 2), 1, Staging.SHARD)
                        .remarks(),
                "one rank has nobody to send to");
        StepDemand demand = new StepDemand(34e9, 5e9, 0, List.of(AllReduce.ofAll(1_000_000)), Optional.empty());
        var within = new Predictor.Scenario(new Layout(1, 2, 2), 16, demand, StepDemand.computing(10e9, 2e9));
        assertContains(
                "between nodes, used within one",
                new Predictor(runs, SyntheticFit.measured(2, 1), Optional.empty(), Staging.SHARD, List.of())
                        .predict(within));
    }

    /** Memory takes most of a step, and storage no time. */
    @Test
    void doubtsOfTheFitAreToldWhereTheyMatter() {
        FittedRuns doubted = doubting(
                Doubt.about(Set.of(Resource.MEMORY), "about memory"),
                Doubt.about(Set.of(Resource.STORAGE), "about storage"),
                new Doubt(Set.of(), true, "about overhead"),
                Doubt.about(Set.of(), "about all"));
        StepDemand demand = StepDemand.computing(34e9, 5e9);
        Projection found = new Predictor(
                        doubted, SyntheticFit.measured(2, 1), Optional.empty(), Staging.SHARD, List.of())
                .predict(new Predictor.Scenario(new Layout(1, 1, 4), 8, demand, demand));
        assertEquals(List.of("about memory", "about all"), found.remarks());
        StepDemand little = StepDemand.computing(34e6, 5e6);
        Projection brief = new Predictor(
                        doubted, SyntheticFit.measured(2, 1), Optional.empty(), Staging.SHARD, List.of())
                .predict(new Predictor.Scenario(new Layout(1, 1, 4), 8, little, little));
        assertContains("about overhead", brief);
    }

    /** The first epoch streams for a hundred times as long as a step takes later, of which memory takes most. */
    @Test
    void doubtsAboutLaterStepsAreToldToo() {
        FittedRuns doubted = doubting(
                Doubt.about(Set.of(Resource.MEMORY), "about memory"),
                Doubt.about(Set.of(Resource.STORAGE), "about storage"));
        Cluster slow = new WhatIf(Map.of(WhatIf.Part.STORAGE, 1e-4)).applyTo(SyntheticFit.measured(2, 1));
        StepDemand demand = StepDemand.computing(34e9, 5e9);
        Projection found = new Predictor(doubted, slow, Optional.empty(), Staging.IN_PLACE, List.of())
                .predict(new Predictor.Scenario(new Layout(1, 1, 4), 8, demand, demand));
        assertEquals(DataPlan.Place.MEMORY, found.data().place());
        assertContains("about memory", found);
        assertContains("about storage", found);
    }

    @Test
    void withoutHeldOutLayoutsOthersAreRemarkedOn() {
        FittedRuns untold =
                SyntheticFit.with(runs, runs.fit(), SyntheticFit.heldOut(0.1), SyntheticFit.NOTHING_HELD_OUT);
        assertContains(
                "no run had this layout", SyntheticFit.predict(untold, SyntheticFit.measured(2, 1), 2, Staging.SHARD));
        assertEquals(
                List.of(),
                SyntheticFit.predict(untold, SyntheticFit.measured(2, 1), 1, Staging.SHARD)
                        .remarks());
    }

    /** Staging is at the shared rate, which was given, though nothing was measured. */
    @Test
    void whatIsLackingOfStorageIsSaidAsItIsCounted() {
        Cluster usual = SyntheticFit.measured(2, 1);
        var given = new Cluster(
                usual.name(),
                usual.processors(),
                usual.cores(),
                usual.compute(),
                usual.memory(),
                Double.POSITIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                Optional.of(1e9),
                usual.network(),
                usual.memoryBytes(),
                Optional.empty());
        Projection found = SyntheticFit.predict(runs, given, 2, Staging.SHARD);
        assertEquals(11, found.data().stagingSeconds(), 1e-9);
        assertContains("not measured, and taken for as fast as can be: what a node reads;", found);
        assertTrue(
                found.remarks().stream().noneMatch(remark -> remark.contains("left out")), found.remarks()::toString);
    }

    private FittedRuns doubting(Doubt... doubts) {
        return SyntheticFit.with(runs, runs.fit().doubting(List.of(doubts)), runs.heldOut(), runs.heldOutLayouts());
    }

    private static void assertContains(String words, Projection found) {
        assertTrue(found.remarks().stream().anyMatch(remark -> remark.contains(words)), found.remarks()::toString);
    }
}
