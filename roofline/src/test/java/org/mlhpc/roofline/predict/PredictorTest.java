package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.AllReduce;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.ceilings.Origin;
import org.mlhpc.roofline.fit.CrossValidation;
import org.mlhpc.roofline.fit.Doubt;
import org.mlhpc.roofline.fit.Observation;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.DataPlan.Staging;

class PredictorTest {
    private static final StepModel TRUTH = new StepModel(
            Map.of(Resource.COMPUTE, 0.5, Resource.MEMORY, 0.8, Resource.STORAGE, 0.9, Resource.NETWORK, 0.7),
            0.01,
            0.5);

    private final FittedRuns runs = runs(List.of(
            new Convergence.Point(8, 80_000), new Convergence.Point(16, 100_000), new Convergence.Point(32, 125_000)));

    private static FittedRuns runs(List<Convergence.Point> converged) {
        var random = new Random(1);
        var observations = new ArrayList<Observation>();
        for (int i = 0; i < 40; i++) {
            var ideal = new EnumMap<Resource, Double>(Resource.class);
            for (Resource resource : TRUTH.efficiency().keySet()) {
                ideal.put(resource, 0.01 * Math.pow(100, random.nextDouble()));
            }
            double noise = Math.exp(0.01 * random.nextGaussian());
            observations.add(new Observation("run " + i, ideal, TRUTH.seconds(ideal) * noise));
        }
        return new FittedRuns(
                FittedRuns.FORMAT,
                "cosmoflow",
                "tiny",
                Map.of("key", "value"),
                "fp32",
                new DataSet(10_000, 1_000, 1e6),
                machine(List.of()),
                RooflineFit.of(observations, new RooflineFit.Options(100, 0.95, 1)),
                CrossValidation.NONE,
                heldOut(0.01),
                List.of(new Layout(1, 1, 4)),
                new FittedRuns.Range(
                        new Span(1, 2),
                        new Span(1, 2),
                        new Span(1, 4),
                        new Span(4, 16),
                        new Span(1e9, 1e11),
                        Map.of(Resource.COMPUTE, new Span(0.01, 1), Resource.NETWORK, new Span(0, 1))),
                Optional.of(1.5),
                Optional.of(new FittedRuns.Loader(0.001, 0.5)),
                converged,
                Optional.empty());
    }

    /** Two groups of runs, whose logarithms were predicted with this error. */
    private static CrossValidation heldOut(double logError) {
        var run = new RooflineFit.Residual("run", 1, Math.exp(logError), Map.of(), Resource.COMPUTE);
        return new CrossValidation(List.of(List.of(run), List.of(run)), 0);
    }

    /** Of four cores, of which one reaches 100 GFLOP/s and 100 GB/s. */
    static MeasuredMachine machine(List<Collective> collectives) {
        var once = new Spread(1e11, 1e11, 1e11, 1);
        return MeasuredMachine.builder()
                .host("test")
                .cpu("cpu")
                .cores(4)
                .memoryBytes(Optional.of(64_000_000_000L))
                .ceilings(List.of(
                        MeasuredCeiling.of(
                                Resource.COMPUTE, "engine", "matmul", "fp32", 1, "FLOP/s", once, Optional.empty()),
                        MeasuredCeiling.of(Resource.MEMORY, "DRAM", "triad", "", 1, "B/s", once, Optional.empty())))
                .collectives(collectives)
                .build();
    }

    /** Of the usual cluster, with its network measured between so many ranks. */
    private static Cluster measured(int nodes, int ranksPerNode) {
        var origin = new Origin(Resource.NETWORK, "node1", Instant.EPOCH, nodes, ranksPerNode);
        return ClusterTest.cluster(Optional.of(Network.of(2e-6, 10e9).measured(origin)));
    }

    private Projection predict(Cluster cluster, int nodes, Staging staging) {
        var layout = new Layout(nodes, 1, 4);
        var demand = new StepDemand(34e9, 5e9, 0, List.of(AllReduce.ofAll(100_000_000)), Optional.empty());
        var scenario = new Predictor.Scenario(layout, 8.0 * nodes, demand, StepDemand.computing(10e9, 2e9));
        return new Predictor(runs, cluster, Convergence.of(runs.converged()), staging, List.of()).predict(scenario);
    }

    @Test
    void stepsFollowTheModelWithTheCeilingsOfTheCluster() {
        Projection found = predict(ClusterTest.cluster(), 4, Staging.SHARD);
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
        double expected = TRUTH.seconds(ideal);
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
        Projection found = predict(ClusterTest.cluster(), 4, Staging.SHARD);
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
        Projection found = predict(small, 4, Staging.SHARD);
        assertEquals(DataPlan.Place.SHARED, found.data().place());
        // 8 samples of 1 MB at 10 MB/s.
        assertEquals(Resource.STORAGE, found.binding());
        assertEquals("shared", found.limit());
        assertEquals(0.8 / 0.9, found.alone().get(Resource.STORAGE), 0.02);
    }

    @Test
    void saysHowFarItIsBeyondTheRuns() {
        assertEquals(List.of(), predict(measured(2, 1), 2, Staging.SHARD).remarks());
        Projection far = predict(measured(2, 1), 1024, Staging.SHARD);
        assertEquals(512, far.extrapolation(), 1e-9);
        assertEquals(List.of("more than 10 times beyond the runs: nodes, ranks, batch to converge"), far.remarks());
    }

    /** Arithmetic two thousand times as fast: what loaders take from its cores is left, less than in any run. */
    @Test
    void anotherMachineMayBeBeyondTheRunsToo() {
        Cluster fast = new WhatIf(Map.of(WhatIf.Part.COMPUTE, 2000.0)).applyTo(measured(2, 1));
        Projection found = predict(fast, 2, Staging.SHARD);
        double seconds = 0.1 / 2000 + Cluster.LOST_TO_LOADER * 0.008 / 4;
        assertEquals(0.01 / seconds, found.extrapolation(), 1e-6);
    }

    @Test
    void aNetworkOfOtherRanksIsRemarkedOn() {
        assertContains(
                "within one node, used between nodes: measure it in a job of several (srun -N 2 -n 2 ./mlhpc roofline measure"
                        + " --ranks 2 --out machine.json)",
                predict(measured(1, 2), 2, Staging.SHARD));
        assertContains(
                "measured with 4 ranks on a node, used with 1, and ranks of a node share its links",
                predict(measured(2, 4), 2, Staging.SHARD));
        assertContains("unknown ranks", predict(ClusterTest.cluster(), 2, Staging.SHARD));
        assertEquals(List.of(), predict(measured(1, 2), 1, Staging.SHARD).remarks(), "one rank has nobody to send to");
        StepDemand demand = new StepDemand(34e9, 5e9, 0, List.of(AllReduce.ofAll(1_000_000)), Optional.empty());
        var within = new Predictor.Scenario(new Layout(1, 2, 2), 16, demand, StepDemand.computing(10e9, 2e9));
        assertContains(
                "between nodes, used within one",
                new Predictor(runs, measured(2, 1), Optional.empty(), Staging.SHARD, List.of()).predict(within));
    }

    private static void assertContains(String words, Projection found) {
        assertTrue(found.remarks().stream().anyMatch(remark -> remark.contains(words)), found.remarks()::toString);
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
        Projection found = new Predictor(doubted, measured(2, 1), Optional.empty(), Staging.SHARD, List.of())
                .predict(new Predictor.Scenario(new Layout(1, 1, 4), 8, demand, demand));
        assertEquals(List.of("about memory", "about all"), found.remarks());
        StepDemand little = StepDemand.computing(34e6, 5e6);
        Projection brief = new Predictor(doubted, measured(2, 1), Optional.empty(), Staging.SHARD, List.of())
                .predict(new Predictor.Scenario(new Layout(1, 1, 4), 8, little, little));
        assertContains("about overhead", brief);
    }

    private FittedRuns doubting(Doubt... doubts) {
        return new FittedRuns(
                runs.format(),
                runs.workload(),
                runs.configuration(),
                runs.settings(),
                runs.precision(),
                runs.data(),
                runs.machine(),
                runs.fit().doubting(List.of(doubts)),
                runs.heldOut(),
                runs.heldOutLayouts(),
                runs.layouts(),
                runs.range(),
                runs.evaluationFactor(),
                runs.loader(),
                runs.converged(),
                Optional.empty());
    }

    /** The fit's own residuals are of 1 %. */
    @Test
    void intervalsAreAsWideAsHeldOutRunsAskFor() {
        FittedRuns held = heldOut(heldOut(0.1), heldOut(0.3));
        // 95 % of a normal scatter, from 100 draws.
        assertEquals(1.96 * 0.1, halfWidth(held, 1), 0.04);
        assertEquals(1.96 * 0.3, halfWidth(held, 2), 0.12);
        assertTrue(halfWidth(heldOut(heldOut(1e-4), heldOut(1e-4)), 1) > 0.01, "the fit's own residuals count too");
        assertEquals(
                1.96 * 0.3, halfWidth(heldOut(heldOut(0.3), heldOut(0.1)), 2), 0.12, "an unknown layout is no easier");
    }

    private static double halfWidth(FittedRuns held, int nodes) {
        Estimate step = predict(held, measured(2, 1), nodes).stepSeconds();
        return Math.log(step.high() / step.low()) / 2;
    }

    @Test
    void withoutHeldOutLayoutsOthersAreRemarkedOn() {
        FittedRuns untold = heldOut(heldOut(0.1), CrossValidation.NONE);
        assertContains("no run had this layout", predict(untold, measured(2, 1), 2));
        assertEquals(List.of(), predict(untold, measured(2, 1), 1).remarks());
    }

    private static Projection predict(FittedRuns held, Cluster cluster, int nodes) {
        StepDemand demand = StepDemand.computing(34e9, 5e9);
        return new Predictor(held, cluster, Optional.empty(), Staging.SHARD, List.of())
                .predict(new Predictor.Scenario(new Layout(nodes, 1, 4), 8.0 * nodes, demand, demand));
    }

    private FittedRuns heldOut(CrossValidation settings, CrossValidation layouts) {
        return new FittedRuns(
                runs.format(),
                runs.workload(),
                runs.configuration(),
                runs.settings(),
                runs.precision(),
                runs.data(),
                runs.machine(),
                runs.fit(),
                settings,
                layouts,
                runs.layouts(),
                runs.range(),
                runs.evaluationFactor(),
                runs.loader(),
                runs.converged(),
                Optional.empty());
    }

    /** The first epoch streams for a hundred times as long as a step takes later, of which memory takes most. */
    @Test
    void doubtsAboutLaterStepsAreToldToo() {
        FittedRuns doubted = doubting(
                Doubt.about(Set.of(Resource.MEMORY), "about memory"),
                Doubt.about(Set.of(Resource.STORAGE), "about storage"));
        Cluster slow = new WhatIf(Map.of(WhatIf.Part.STORAGE, 1e-4)).applyTo(measured(2, 1));
        StepDemand demand = StepDemand.computing(34e9, 5e9);
        Projection found = new Predictor(doubted, slow, Optional.empty(), Staging.IN_PLACE, List.of())
                .predict(new Predictor.Scenario(new Layout(1, 1, 4), 8, demand, demand));
        assertEquals(DataPlan.Place.MEMORY, found.data().place());
        assertContains("about memory", found);
        assertContains("about storage", found);
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

    private static void assertRefused(String why, Executable wrong) {
        String message = assertThrows(IllegalArgumentException.class, wrong).getMessage();
        assertTrue(message.contains(why), message);
    }

    /** Staging is at the shared rate, which was given, though nothing was measured. */
    @Test
    void whatIsLackingOfStorageIsSaidAsItIsCounted() {
        Cluster usual = measured(2, 1);
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
        Projection found = predict(given, 2, Staging.SHARD);
        assertEquals(11, found.data().stagingSeconds(), 1e-9);
        assertContains("not measured, and taken for as fast as can be: what a node reads;", found);
        assertTrue(
                found.remarks().stream().noneMatch(remark -> remark.contains("left out")), found.remarks()::toString);
    }

    /** 11 GB at 2 GB/s before 13 epochs of 312 steps. */
    @Test
    void saysWhatTheTimeToTrainGoesTo() {
        assertEquals(
                Optional.of("steps"),
                predict(ClusterTest.cluster(), 4, Staging.SHARD).timeGoesTo());
        Cluster slow = new WhatIf(Map.of(WhatIf.Part.SHARED, 1e-6)).applyTo(ClusterTest.cluster());
        assertEquals(Optional.of("staging"), predict(slow, 4, Staging.SHARD).timeGoesTo());
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
        double measured = predict(ClusterTest.cluster(), 4, Staging.SHARD).evaluationSeconds();
        Cluster fast =
                new WhatIf(Map.of(WhatIf.Part.COMPUTE, 4.0, WhatIf.Part.MEMORY, 4.0)).applyTo(ClusterTest.cluster());
        double faster = predict(fast, 4, Staging.SHARD).evaluationSeconds();
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

    @Test
    void fitFilesComeBackAsTheyWere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("fit.json");
        FitFile.write(file, runs);
        assertEquals(runs, FitFile.read(file));
        assertEquals(1, Objects.requireNonNull(folder.toFile().list()).length);
    }

    @Test
    void damagedFitFilesAreNamed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("fit.json");
        FitFile.write(file, runs);
        String text = Files.readString(file);
        for (String damaged : List.of(text.substring(0, text.length() / 2), "{}", "null", "[]", "7")) {
            Files.writeString(file, damaged);
            var thrown = assertThrows(IOException.class, () -> FitFile.read(file));
            assertTrue(thrown.getMessage().startsWith(file.toString()), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("roofline fit"), thrown.getMessage());
        }
    }
}
