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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
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
            for (Resource resource : Resource.values()) {
                ideal.put(resource, 0.01 * Math.pow(100, random.nextDouble()));
            }
            double noise = Math.exp(0.01 * random.nextGaussian());
            observations.add(new Observation("run " + i, ideal, TRUTH.seconds(ideal) * noise));
        }
        var machine = new MeasuredMachine(
                MeasuredMachine.FORMAT,
                "test",
                Instant.EPOCH,
                "cpu",
                4,
                Optional.of(64_000_000_000L),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        return new FittedRuns(
                FittedRuns.FORMAT,
                "cosmoflow",
                "tiny",
                Map.of("key", "value"),
                "fp32",
                new DataSet(10_000, 1_000, 1e6),
                machine,
                RooflineFit.of(observations, new RooflineFit.Options(100, 0.95, 1)),
                List.of(),
                new FittedRuns.Range(1, 2, 1, 4, 4, 16, 1e9, 1e11),
                Optional.of(0.01),
                converged);
    }

    private Projection predict(Cluster cluster, int nodes, Staging staging) {
        var layout = new Layout(nodes, 1, 4);
        var demand = new StepDemand(34e9, 5e9, 0, 0.1e9);
        return new Predictor(runs, cluster, Optional.of(Convergence.of(runs.converged())), staging)
                .predict(new Predictor.Scenario(layout, 8.0 * nodes, demand));
    }

    @Test
    void stepsFollowTheModelWithTheCeilingsOfTheCluster() {
        Projection found = predict(ClusterTest.cluster(), 4, Staging.SHARD);
        Map<Resource, Double> ideal =
                Map.of(Resource.COMPUTE, 0.1, Resource.MEMORY, 0.2, Resource.NETWORK, 8e-6 + 0.015);
        double expected = TRUTH.seconds(ideal);
        // Noise of 1 % in 40 runs.
        assertEquals(expected, found.stepSeconds().value(), 0.01 * expected);
        assertTrue(found.stepSeconds().low() < expected
                && expected < found.stepSeconds().high());
        assertEquals(Resource.MEMORY, found.binding());
        assertEquals(32 / found.stepSeconds().value(), found.samplesPerSecond(), 1e-9);
    }

    @Test
    void timeToTrainIsStagingStepsAndEvaluation() {
        Projection found = predict(ClusterTest.cluster(), 4, Staging.SHARD);
        assertEquals(13, found.epochs().orElseThrow().value(), 0);
        double staging = 11e9 / 4 / 2e9;
        double evaluation = 0.01 * 250;
        assertEquals(evaluation, found.evaluationSeconds(), 1e-9);
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
        assertEquals(0.8 / 0.9, found.alone().get(Resource.STORAGE), 0.02);
    }

    @Test
    void saysHowFarItIsBeyondTheRuns() {
        assertEquals(List.of(), predict(ClusterTest.cluster(), 2, Staging.SHARD).remarks());
        Projection far = predict(ClusterTest.cluster(), 1024, Staging.SHARD);
        assertEquals(512, far.extrapolation(), 1e-9);
        assertEquals(List.of("512 times beyond the runs"), far.remarks());
    }

    @Test
    void withoutConvergenceThereIsNoTimeToTrain() {
        Projection found = new Predictor(runs, ClusterTest.cluster(), Optional.empty(), Staging.SHARD)
                .predict(new Predictor.Scenario(new Layout(1, 1, 4), 8, new StepDemand(1e9, 1e9, 0, 1e6)));
        assertEquals(Optional.empty(), found.trainSeconds());
        assertEquals(Optional.empty(), found.epochs());
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
