package org.mlhpc.roofline.predict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.mlhpc.api.AllReduce;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.ceilings.Origin;
import org.mlhpc.roofline.fit.CrossValidation;
import org.mlhpc.roofline.fit.Observation;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.DataPlan.Staging;

/** Fitted runs of a machine with known parameters, and predictions from them. */
final class SyntheticFit {
    static final StepModel TRUTH = new StepModel(
            Map.of(Resource.COMPUTE, 0.5, Resource.MEMORY, 0.8, Resource.STORAGE, 0.9, Resource.NETWORK, 0.7),
            0.01,
            0.5);

    static final CrossValidation NOTHING_HELD_OUT = new CrossValidation(List.of(), 0);

    private SyntheticFit() {}

    /** That reached their target at three batch sizes. */
    static FittedRuns runs() {
        return runs(List.of(
                new Convergence.Point(8, 80_000),
                new Convergence.Point(16, 100_000),
                new Convergence.Point(32, 125_000)));
    }

    static FittedRuns runs(List<Convergence.Point> converged) {
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
                NOTHING_HELD_OUT,
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
    static CrossValidation heldOut(double logError) {
        var run = new RooflineFit.Residual("run", 1, Math.exp(logError), Map.of(), Resource.COMPUTE);
        return new CrossValidation(List.of(List.of(run), List.of(run)), 0);
    }

    /** {@code runs} with another fit and other held-out runs. */
    static FittedRuns with(FittedRuns runs, RooflineFit fit, CrossValidation settings, CrossValidation layouts) {
        return with(runs, fit, settings, layouts, runs.range());
    }

    /** {@code runs} as if their nodes had had so many threads. */
    static FittedRuns withThreads(FittedRuns runs, Span threads) {
        FittedRuns.Range known = runs.range();
        var range = new FittedRuns.Range(
                known.nodes(), known.ranks(), threads, known.localBatch(), known.flop(), known.seconds());
        return with(runs, runs.fit(), runs.heldOut(), runs.heldOutLayouts(), range);
    }

    private static FittedRuns with(
            FittedRuns runs,
            RooflineFit fit,
            CrossValidation settings,
            CrossValidation layouts,
            FittedRuns.Range range) {
        return new FittedRuns(
                runs.format(),
                runs.workload(),
                runs.configuration(),
                runs.settings(),
                runs.precision(),
                runs.data(),
                runs.machine(),
                fit,
                settings,
                layouts,
                runs.layouts(),
                range,
                runs.evaluationFactor(),
                runs.loader(),
                runs.converged(),
                runs.convergedOtherwise());
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
    static Cluster measured(int nodes, int ranksPerNode) {
        var origin = new Origin(Resource.NETWORK, "node1", Instant.EPOCH, nodes, ranksPerNode);
        return ClusterTest.cluster(Optional.of(Network.of(2e-6, 10e9).measured(origin)));
    }

    /** Eight samples for each node. */
    static Projection predict(FittedRuns runs, Cluster cluster, int nodes, Staging staging) {
        var layout = new Layout(nodes, 1, 4);
        var demand = new StepDemand(34e9, 5e9, 0, List.of(AllReduce.ofAll(100_000_000)), Optional.empty());
        var scenario = new Predictor.Scenario(layout, 8.0 * nodes, demand, StepDemand.computing(10e9, 2e9));
        return new Predictor(runs, cluster, Convergence.of(runs.converged()), staging, List.of()).predict(scenario);
    }
}
