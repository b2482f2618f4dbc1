package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.DataPlan.Staging;

class PredictorTest {
    private final FittedRuns runs = SyntheticFit.runs();

    @Test
    void stepsFollowTheModelWithTheCeilingsOfTheCluster() {
        Projection found = SyntheticFit.predict(runs, ClusterTest.cluster(), 4, Staging.SHARD);
        Map<Resource, Double> ideal = Map.of(
                // All cores compute, and the two loader threads of a node take 8 ms of decoding from them.
                Resource.COMPUTE,
                0.1 + Cluster.LOST_TO_LOADER * 0.008 / 4,
                Resource.LOADER,
                0.008 / 2,
                Resource.MEMORY,
                0.2,
                Resource.NETWORK,
                8e-6 + 0.015);
        double expected = SyntheticFit.TRUTH.seconds(ideal);
        // Noise of 1 % in 40 runs.
        assertEquals(expected, found.stepSeconds().value(), 0.01 * expected);
        assertTrue(found.stepSeconds().low() < expected
                && expected < found.stepSeconds().high());
        assertEquals(Resource.MEMORY, found.binding());
        assertEquals("memory", found.limit());
        StepDemand little = StepDemand.computing(1e6, 1e6);
        var scenario = new Predictor.Scenario(new Layout(1, 1, 4), 1, little, little);
        assertEquals(
                "overhead",
                new Predictor(runs, ClusterTest.cluster(), Optional.empty(), Staging.SHARD, List.of())
                        .predict(scenario)
                        .limit());
        assertEquals(32 / found.stepSeconds().value(), found.samplesPerSecond(), 1e-9);
    }

    @Test
    void timeToTrainIsStagingStepsAndEvaluation() {
        Projection found = SyntheticFit.predict(runs, ClusterTest.cluster(), 4, Staging.SHARD);
        assertEquals(13, found.epochs().orElseThrow().value(), 0);
        double staging = 11e9 / 4 / 2e9;
        // 250 samples for each rank: 31 batches of eight, and a quarter of one; half as long again as a fit of steps
        // says.
        StepModel model = runs.fit().model();
        Map<Resource, Double> batch = Map.of(
                Resource.COMPUTE,
                10.0 / 340 + Cluster.LOST_TO_LOADER * 0.008 / 4,
                Resource.LOADER,
                0.008 / 2,
                Resource.MEMORY,
                2.0 / 25);
        Map<Resource, Double> rest = Map.of(
                Resource.COMPUTE,
                2.5 / 340 + Cluster.LOST_TO_LOADER * 0.002 / 4,
                Resource.LOADER,
                0.002 / 2,
                Resource.MEMORY,
                0.5 / 25);
        double evaluation = 1.5 * (31 * model.seconds(batch) + model.seconds(rest));
        assertEquals(evaluation, found.evaluationSeconds(), 1e-9 * evaluation);
        double expected = staging + 13 * (312 * found.stepSeconds().value() + evaluation);
        Estimate train = found.trainSeconds().orElseThrow();
        assertEquals(expected, train.value(), 1e-6 * expected);
        assertTrue(train.low() < train.value() && train.value() < train.high());
    }

    @Test
    void streamingBindsWhereTheDataFitNowhere() {
        Cluster small = new WhatIf(Map.of(
                        WhatIf.Part.MEMORY_CAPACITY, 1e-3,
                        WhatIf.Part.LOCAL_CAPACITY, 1e-6,
                        WhatIf.Part.SHARED, 0.004))
                .applyTo(ClusterTest.cluster());
        Projection found = SyntheticFit.predict(runs, small, 4, Staging.SHARD);
        assertEquals(DataPlan.Place.SHARED, found.data().place());
        // 8 samples of 1 MB at 10 MB/s.
        assertEquals(Resource.STORAGE, found.binding());
        assertEquals("shared", found.limit());
        assertEquals(0.8 / 0.9, found.alone().get(Resource.STORAGE), 0.02);
    }

    /** The fit's own residuals are of 1 %; ends come from 100 draws. */
    @Test
    void intervalsAreAsWideAsHeldOutRunsAskFor() {
        assertEquals(1.96 * 0.1, halfWidth(0.1, 0.3, 1), 0.04);
        assertEquals(1.96 * 0.3, halfWidth(0.1, 0.3, 2), 0.12, "no run had two nodes");
        assertEquals(1.96 * 0.3, halfWidth(0.3, 0.1, 2), 0.12, "an unknown layout is no easier");
        assertTrue(halfWidth(1e-4, 1e-4, 1) > 0.01, "the fit's own residuals count too");
    }

    private double halfWidth(double settings, double layouts, int nodes) {
        FittedRuns held =
                SyntheticFit.with(runs, runs.fit(), SyntheticFit.heldOut(settings), SyntheticFit.heldOut(layouts));
        Estimate step = SyntheticFit.predict(held, SyntheticFit.measured(2, 1), nodes, Staging.SHARD)
                .stepSeconds();
        return Math.log(step.high() / step.low()) / 2;
    }

    @Test
    void whatCannotBeIsRefusedWithAFix() {
        StepDemand demand = StepDemand.computing(34e9, 5e9);
        var predictor = new Predictor(runs, ClusterTest.cluster(), Optional.empty(), Staging.SHARD, List.of());
        assertRefused(
                "lower --threads or --ranks-per-node",
                () -> predictor.predict(new Predictor.Scenario(new Layout(1, 2, 3), 8, demand, demand)));
        assertRefused(
                "larger than the training set of 10000 samples: lower --batch or --batch-per-rank",
                () -> predictor.predict(new Predictor.Scenario(new Layout(1, 1, 4), 20_000, demand, demand)));
        assertRefused("999999999 nodes of 64 ranks are more than", () -> new Layout(999_999_999, 64, 1));
        assertRefused("2 ranks of 1500000000 threads are more than", () -> new Layout(1, 2, 1_500_000_000));
    }

    /** Of four processors, whose runs had up to eight threads; twice as many processors may have twice as many. */
    @Test
    void nodesMayBeAsCrowdedAsThoseOfTheRuns() {
        FittedRuns crowded = SyntheticFit.withThreads(runs, new Span(1, 8));
        StepDemand demand = StepDemand.computing(34e9, 5e9);
        var predictor = new Predictor(crowded, ClusterTest.cluster(), Optional.empty(), Staging.SHARD, List.of());
        var eight = new Predictor.Scenario(new Layout(2, 4, 2), 8, demand, demand);
        // No more arithmetic than by four threads.
        var four = new Predictor.Scenario(new Layout(2, 4, 1), 8, demand, demand);
        assertEquals(
                predictor.predict(four).alone().get(Resource.MEMORY),
                predictor.predict(eight).alone().get(Resource.MEMORY),
                1e-9);
        var nine = new Predictor.Scenario(new Layout(1, 3, 3), 9, demand, demand);
        assertRefused("are 4 by the machine file, and no run had so many", () -> predictor.predict(nine));
        Cluster two = ClusterTest.withProcessors(2);
        var five = new Predictor.Scenario(new Layout(1, 1, 5), 8, demand, demand);
        assertRefused(
                "are 2 by the machine file",
                () -> new Predictor(crowded, two, Optional.empty(), Staging.SHARD, List.of()).predict(five));
    }

    private static void assertRefused(String why, Executable wrong) {
        String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
        assertTrue(message.contains(why), message);
    }

    /** 11 GB at 2 GB/s before 13 epochs of 312 steps. */
    @Test
    void saysWhatTheTimeToTrainGoesTo() {
        assertEquals(
                Optional.of("steps"),
                SyntheticFit.predict(runs, ClusterTest.cluster(), 4, Staging.SHARD)
                        .timeGoesTo());
        Cluster slow = new WhatIf(Map.of(WhatIf.Part.SHARED, 1e-6)).applyTo(ClusterTest.cluster());
        assertEquals(
                Optional.of("staging"),
                SyntheticFit.predict(runs, slow, 4, Staging.SHARD).timeGoesTo());
    }

    @Test
    void withoutConvergenceThereIsNoTimeToTrain() {
        StepDemand demand = StepDemand.computing(1e9, 1e9);
        Projection found = new Predictor(
                        runs, ClusterTest.cluster(), Optional.empty(), Staging.SHARD, List.of("an assumption"))
                .predict(new Predictor.Scenario(new Layout(1, 1, 4), 8, demand, demand));
        assertEquals(List.of("an assumption"), found.remarks());
        assertEquals(Optional.empty(), found.trainSeconds());
        assertEquals(Optional.empty(), found.epochs());
    }

    @Test
    void evaluationIsAsFastAsTheMachine() {
        double measured = SyntheticFit.predict(runs, ClusterTest.cluster(), 4, Staging.SHARD)
                .evaluationSeconds();
        Cluster fast =
                new WhatIf(Map.of(WhatIf.Part.COMPUTE, 4.0, WhatIf.Part.MEMORY, 4.0)).applyTo(ClusterTest.cluster());
        double faster = SyntheticFit.predict(runs, fast, 4, Staging.SHARD).evaluationSeconds();
        // Overhead and decoding stay.
        assertTrue(faster < measured / 2 && faster > measured / 4, measured + " and " + faster);
    }

    @Test
    void longerSamplesTakeLongerToLoad() {
        DataSet data = runs.data();
        FittedRuns longer = runs.with(new DataSet(data.trainSamples(), data.evalSamples(), 8 * data.bytesPerSample()));
        assertEquals(0.008, longer.loader().orElseThrow().secondsPerSample(), 1e-12);
        assertEquals(
                new StepDemand.Loading(0.08, 4), longer.loader().orElseThrow().loading(10, new Layout(1, 2, 4)));
    }
}
