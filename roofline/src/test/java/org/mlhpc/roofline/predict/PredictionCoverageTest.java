package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.AllReduce;
import org.mlhpc.roofline.Quantile;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.Observation;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.fit.StepModel;

/**
 * Intervals of 95 % hold steps that nobody ran about that often, and are about as wide as they must be for it, where runs are those of a sweep: arithmetic and memory traffic
 * that grow together, few settings, a network that never limits, and loader threads on the same cores.
 */
class PredictionCoverageTest {
    private static final int MACHINES = 80;
    private static final double CONFIDENCE = 0.95;
    private static final double NOISE = 0.05;
    /**
     * The logarithm of a new step varies by its noise and by the error of the fit: together by NOISE sqrt(1 + h), where the
     * leverage h is 6 parameters / 36 runs on average, and called high from twice that on (Hoaglin and Welsch, "The hat matrix
     * in regression and ANOVA", Am. Stat. 32, 1978). Student's t of 30 degrees of freedom is 2.042. The noise that is found in
     * 30 varies by 1 / sqrt(60) from machine to machine, 0.13, and ends of intervals from 120 draws by 0.09 of the width: the
     * median of 80 by 1.25 x 0.16 / sqrt(80), of which three are allowed.
     */
    private static final double WIDEST =
            2 * 2.042 * NOISE * Math.sqrt(1 + 2 * 6 / 36.0) * (1 + 3 * 1.25 * 0.16 / Math.sqrt(MACHINES));

    private static final double LIMIT = 20e6;
    private static final double FILE_BYTES = 262_144;
    private static final double LOADING = 2e-3;

    private final MeasuredMachine machine = machine();
    private final Cluster cluster =
            MeasuredCluster.of(machine, "fp32", new MeasuredCluster.Further(Optional.empty(), Optional.empty()));

    /** @param size of a sample, in those of the smallest */
    private record Setting(Layout layout, int batch, int size, Optional<Double> limit) {}

    private static final Layout ONE = new Layout(1, 1, 1);
    private static final Layout THREADS = new Layout(1, 1, 2);
    private static final Layout RANKS = new Layout(1, 2, 1);

    private static MeasuredMachine machine() {
        var ceilings = new ArrayList<MeasuredCeiling>();
        for (int threads = 1; threads <= 2; threads++) {
            double rate = threads == 1 ? 1 : 1.8;
            ceilings.add(ceiling(Resource.COMPUTE, "engine", "matmul", "fp32", threads, 100e9 * rate));
            ceilings.add(ceiling(Resource.MEMORY, "DRAM", "triad", "", threads, 20e9 * rate));
        }
        ceilings.add(ceiling(Resource.STORAGE, "direct", "sequential read", "", 1, 1e9));
        return MeasuredMachine.builder()
                .host("synthetic")
                .cores(2)
                .memoryBytes(Optional.of(64_000_000_000L))
                .ceilings(ceilings)
                .collectives(List.of(
                        Collective.of("ping-pong", 4, 2, new double[] {1e-6}),
                        Collective.of("all-reduce", 1 << 20, 2, new double[] {3e-4})))
                .build();
    }

    private static MeasuredCeiling ceiling(
            Resource resource, String level, String operation, String precision, int threads, double rate) {
        return MeasuredCeiling.of(
                resource, level, operation, precision, threads, resource.unit(), Spread.of(rate), Optional.empty());
    }

    /** As sweeps of CosmoFlow found them: memory far below its ceiling, much overlap. */
    private static StepModel truth(Random random) {
        return new StepModel(
                Map.of(
                        Resource.COMPUTE, 0.6 + 0.3 * random.nextDouble(),
                        Resource.MEMORY, 0.08 + 0.2 * random.nextDouble(),
                        Resource.STORAGE, 0.8 + 0.3 * random.nextDouble(),
                        Resource.NETWORK, 0.2 + 0.6 * random.nextDouble()),
                0.002 + 0.006 * random.nextDouble(),
                0.1 + 0.5 * random.nextDouble());
    }

    /** Without what is read: a layer of constant traffic makes memory's share larger in small batches. */
    private static StepDemand computing(Setting setting) {
        double samples = (double) setting.batch * setting.size;
        List<AllReduce> reductions = setting.layout.ranks() == 1 ? List.of() : List.of(AllReduce.ofAll(4_000_000));
        return new StepDemand(samples * 1e9, samples * 4e7 + 4e7, 0, reductions, Optional.empty());
    }

    private double seconds(StepModel model, Setting setting) {
        return model.seconds(ideal(setting));
    }

    private Map<Resource, Double> ideal(Setting setting) {
        double samples = (double) setting.batch * setting.size;
        var loader = new FittedRuns.Loader(LOADING * setting.size, 1);
        StepDemand demand = computing(setting)
                .reading(
                        setting.limit.isPresent() ? samples * FILE_BYTES : 0,
                        Optional.of(loader.loading(setting.batch, setting.layout)));
        return setting.limit.map(cluster::reading).orElse(cluster).ideal(demand, setting.layout);
    }

    private List<Observation> sweep(StepModel truth, Random random) {
        var runs = new ArrayList<Observation>();
        for (Layout layout : List.of(ONE, THREADS, RANKS)) {
            for (int batch : new int[] {2, 4, 8}) {
                for (int size : new int[] {1, 8}) {
                    for (Optional<Double> limit : List.of(Optional.<Double>empty(), Optional.of(LIMIT))) {
                        var setting = new Setting(layout, batch, size, limit);
                        double measured = seconds(truth, setting) * Math.exp(NOISE * random.nextGaussian());
                        runs.add(new Observation(setting.toString(), ideal(setting), measured));
                    }
                }
            }
        }
        return runs;
    }

    private FittedRuns fitted(List<Observation> runs, long seed) {
        Span any = new Span(1, 1e12);
        return new FittedRuns(
                FittedRuns.FORMAT,
                "synthetic",
                "sweep",
                Map.of(),
                "fp32",
                new DataSet(10_000, 1_000, 8 * FILE_BYTES),
                machine,
                RooflineFit.of(runs, new RooflineFit.Options(120, CONFIDENCE, seed)),
                List.of(),
                List.of(),
                new FittedRuns.Range(any, any, any, any, any, Map.of()),
                Optional.of(1.0),
                Optional.of(new FittedRuns.Loader(8 * LOADING, 1)),
                List.of());
    }

    /** Between the batches of the runs, twice beyond them, and repeated. */
    @Test
    void intervalsHoldNewStepsAtTheNominalRate() {
        List<Setting> targets = List.of(
                new Setting(THREADS, 6, 8, Optional.empty()),
                new Setting(ONE, 16, 8, Optional.empty()),
                new Setting(RANKS, 4, 8, Optional.empty()));
        Map<Setting, Integer> hits = new LinkedHashMap<>();
        Map<Setting, List<Double>> widths = new LinkedHashMap<>();
        for (int i = 0; i < MACHINES; i++) {
            var random = new Random(5_000 + i);
            StepModel truth = truth(random);
            FittedRuns runs = fitted(sweep(truth, random), i);
            for (Setting target : targets) {
                double measured = seconds(truth, target) * Math.exp(NOISE * random.nextGaussian());
                Estimate step = predict(runs, target);
                hits.merge(target, step.low() <= measured && measured <= step.high() ? 1 : 0, Integer::sum);
                widths.computeIfAbsent(target, any -> new ArrayList<>()).add(Math.log(step.high() / step.low()));
            }
        }
        hits.forEach((target, count) -> assertTrue(count >= least(MACHINES), () -> target + ": " + count));
        int all = hits.values().stream().mapToInt(Integer::intValue).sum();
        assertTrue(all >= least(MACHINES * targets.size()), () -> "all: " + all);
        widths.forEach((target, found) -> assertTrue(median(found) <= WIDEST, () -> target + ": " + median(found)));
    }

    /** Three standard deviations of a binomial count below its mean. So near to all, nothing can be three above it. */
    private static double least(int count) {
        return count * CONFIDENCE - 3 * Math.sqrt(count * CONFIDENCE * (1 - CONFIDENCE));
    }

    private static double median(List<Double> values) {
        return Quantile.of(values.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
    }

    private Estimate predict(FittedRuns runs, Setting target) {
        var scenario =
                new Predictor.Scenario(target.layout, target.batch, computing(target), StepDemand.computing(1e9, 1e7));
        return new Predictor(runs, cluster, Optional.empty(), DataPlan.Staging.IN_PLACE, List.of())
                .predict(scenario)
                .stepSeconds();
    }
}
