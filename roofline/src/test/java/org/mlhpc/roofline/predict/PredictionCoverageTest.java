package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.AllReduce;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.CrossValidation;
import org.mlhpc.roofline.fit.Observation;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.fit.StepModel;

/**
 * Intervals of 95 % hold steps and times to train that nobody ran about that often, and are about as wide as they must be for
 * it, where runs are those of a sweep: arithmetic and memory traffic that grow together, few settings, a network that never
 * limits, and loader threads on the same cores.
 */
class PredictionCoverageTest {
    private static final int MACHINES = 80;
    private static final double CONFIDENCE = 0.95;
    private static final double NOISE = 0.05;
    /**
     * The logarithm of a new step varies by its noise and by the error of the fit, together by NOISE sqrt(1 + h). The leverage h is
     * 6 parameters / 36 runs on average, and called high from twice that on (Hoaglin and Welsch, "The hat matrix in
     * regression and ANOVA", Am. Stat. 32, 1978). Intervals take the error of held-out runs for the noise, NOISE / sqrt(1 - h), and
     * the error of the fit from draws. Student's t of 30 degrees of freedom is 2.042. The noise that is found in
     * 30 varies by 1 / sqrt(60) from machine to machine, 0.13, and ends of intervals from 120 draws by 0.09 of the width: the
     * median of 80 by 1.25 x 0.16 / sqrt(80), of which three are allowed.
     */
    private static final double WIDEST_STEP = 2
            * 2.042
            * NOISE
            * Math.sqrt(1 / (1 - 2 * 6 / 36.0) + 2 * 6 / 36.0)
            * (1 + 3 * 1.25 * 0.16 / Math.sqrt(MACHINES));
    /**
     * Of a layout that no run had, twice what noise alone asks for: how wrong other layouts are differs from machine to machine.
     */
    private static final double WIDEST_STEP_ELSEWHERE = 2 * 2 * 1.96 * NOISE;

    /** Standard deviation of logarithms of samples to convergence. */
    private static final double CONVERGENCE_NOISE = 0.1;
    /** Of the runs that converged. */
    private static final List<Integer> CONVERGED = List.of(4, 4, 8, 8, 16, 16, 32, 32);

    private static final int TRAIN_SAMPLES = 10_000;

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
    /** Of no run. */
    private static final Layout NODES = new Layout(2, 1, 2);

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
        double samples = (double) setting.batch * setting.size / setting.layout.nodes();
        List<AllReduce> reductions = setting.layout.ranks() == 1 ? List.of() : List.of(AllReduce.ofAll(4_000_000));
        return new StepDemand(samples * 1e9, samples * 4e7 + 4e7, 0, reductions, Optional.empty());
    }

    private double seconds(StepModel model, Setting setting) {
        return model.seconds(ideal(setting));
    }

    private Map<Resource, Double> ideal(Setting setting) {
        double batch = (double) setting.batch / setting.layout.nodes();
        var loader = new FittedRuns.Loader(LOADING * setting.size, 1);
        StepDemand demand = computing(setting)
                .reading(
                        setting.limit.isPresent() ? batch * setting.size * FILE_BYTES : 0,
                        Optional.of(loader.loading(batch, setting.layout)));
        return setting.limit.map(cluster::reading).orElse(cluster).ideal(demand, setting.layout);
    }

    private static List<Setting> sweep() {
        var settings = new ArrayList<Setting>();
        for (Layout layout : List.of(ONE, THREADS, RANKS)) {
            for (int batch : new int[] {2, 4, 8}) {
                for (int size : new int[] {1, 8}) {
                    for (Optional<Double> limit : List.of(Optional.<Double>empty(), Optional.of(LIMIT))) {
                        settings.add(new Setting(layout, batch, size, limit));
                    }
                }
            }
        }
        return settings;
    }

    /** A sweep of a machine like {@code truth}, and what follows from it. */
    private FittedRuns fitted(StepModel truth, Random random, long seed) {
        List<Setting> settings = sweep();
        List<Observation> runs = settings.stream()
                .map(setting -> new Observation(setting.toString(), ideal(setting), noisy(truth, setting, random)))
                .toList();
        List<?> apart = settings.stream()
                .map(setting -> List.of(setting.layout, setting.batch, setting.size))
                .toList();
        List<Layout> layouts = settings.stream().map(Setting::layout).toList();
        return content(
                RooflineFit.of(runs, new RooflineFit.Options(120, CONFIDENCE, seed)),
                CrossValidation.leaveGroupsOut(apart, known -> runs, seed),
                CrossValidation.leaveGroupsOut(layouts, known -> runs, seed),
                layouts.stream().distinct().toList());
    }

    private double noisy(StepModel truth, Setting setting, Random random) {
        return seconds(truth, setting) * Math.exp(NOISE * random.nextGaussian());
    }

    private FittedRuns content(
            RooflineFit fit, CrossValidation heldOut, CrossValidation heldOutLayouts, List<Layout> layouts) {
        Span any = new Span(1, 1e12);
        return new FittedRuns(
                FittedRuns.FORMAT,
                "synthetic",
                "sweep",
                Map.of(),
                "fp32",
                new DataSet(TRAIN_SAMPLES, 1_000, 8 * FILE_BYTES),
                machine,
                fit,
                heldOut,
                heldOutLayouts,
                layouts,
                new FittedRuns.Range(any, any, any, any, any, Map.of()),
                Optional.of(1.0),
                Optional.of(new FittedRuns.Loader(8 * LOADING, 1)),
                List.of(),
                Optional.empty());
    }

    /** As if the machine itself were the fit, without a doubt. */
    private FittedRuns known(StepModel truth) {
        return content(
                new RooflineFit(truth, Map.of(), List.of(), List.of(), List.of(truth), CONFIDENCE),
                SyntheticFit.NOTHING_HELD_OUT,
                SyntheticFit.NOTHING_HELD_OUT,
                List.of());
    }

    /** A batch between those of the runs, one twice beyond them, and a batch and a layout that no run had. */
    @Test
    void intervalsHoldNewStepsAndTimesToTrainAtTheNominalRate() {
        List<Setting> targets = List.of(
                new Setting(THREADS, 6, 8, Optional.empty()),
                new Setting(ONE, 16, 8, Optional.empty()),
                new Setting(NODES, 12, 8, Optional.empty()));
        Map<String, Intervals> all = new LinkedHashMap<>();
        for (int i = 0; i < MACHINES; i++) {
            var random = new Random(5_000 + i);
            StepModel truth = truth(random);
            FittedRuns runs = fitted(truth, random, i);
            Convergence law = convergence(random);
            for (Setting target : targets) {
                Projection found = predict(runs, law, target);
                all.computeIfAbsent("step of " + target, any -> new Intervals(widestStep(target)))
                        .add(found.stepSeconds(), noisy(truth, target, random));
                all.computeIfAbsent("time of " + target, any -> new Intervals(widestTime(target)))
                        .add(found.trainSeconds().orElseThrow(), trained(truth, target, random));
            }
        }
        all.forEach((what, found) -> {
            assertTrue(found.hits() >= least(MACHINES), () -> what + ": " + found.hits());
            assertTrue(found.width() <= found.widest(), () -> what + ": " + found.width() + " above " + found.widest());
        });
        int hits = all.values().stream().mapToInt(Intervals::hits).sum();
        assertTrue(hits >= least(MACHINES * all.size()), () -> "all: " + hits);
    }

    private static double widestStep(Setting target) {
        return target.layout.equals(NODES) ? WIDEST_STEP_ELSEWHERE : WIDEST_STEP;
    }

    /**
     * A time varies by its step and by samples to convergence; that ends are rounded up to whole epochs moves them alike. The
     * logarithm of a new number of samples varies by CONVERGENCE_NOISE sqrt(1 + 1/n + d^2 / S) around a line through n (Draper and
     * Smith, "Applied Regression Analysis", 1998, 1.4), with d the distance from the mean of logarithms of batches and S the sum
     * of squares of theirs. Student's t of 6 degrees of freedom is 2.447. The noise that is found in 6 varies by 1 / sqrt(12),
     * 0.29, and ends by 0.09: three standard deviations of the median as above.
     */
    private static double widestTime(Setting target) {
        double[] logs = CONVERGED.stream().mapToDouble(Math::log).toArray();
        double mean = Arrays.stream(logs).average().orElseThrow();
        double squares = Arrays.stream(logs).map(log -> Math.pow(log - mean, 2)).sum();
        double distance = Math.log(target.batch) - mean;
        double samples = 2
                * 2.447
                * CONVERGENCE_NOISE
                * Math.sqrt(1 + 1.0 / logs.length + distance * distance / squares)
                * (1 + 3 * 1.25 * 0.30 / Math.sqrt(MACHINES));
        return Math.hypot(samples, widestStep(target));
    }

    /** What runs of four batch sizes tell, two of each. */
    private static Convergence convergence(Random random) {
        var points = new ArrayList<Convergence.Point>();
        for (int batch : CONVERGED) {
            points.add(new Convergence.Point(batch, samples(batch, random)));
        }
        return Convergence.of(points).orElseThrow();
    }

    /** That a new run needs. */
    private static double samples(int batch, Random random) {
        return meanSamples(batch) * Math.exp(CONVERGENCE_NOISE * random.nextGaussian());
    }

    private static double meanSamples(int batch) {
        return 500_000 * Math.pow(batch / 8.0, 0.3);
    }

    /** Seconds that a new run trains until it has seen the samples that it needs. */
    private double trained(StepModel truth, Setting target, Random random) {
        double samples = samples(target.batch, random);
        var exactly = new Convergence.Shape(Growth.POWER, target.batch, 0, 0, 0, 1);
        Convergence known = Convergence.with(exactly, List.of(new Convergence.Point(target.batch, samples)));
        double seconds = predict(known(truth), known, target)
                .trainSeconds()
                .orElseThrow()
                .value();
        return seconds * Math.exp(NOISE * random.nextGaussian());
    }

    /** Three standard deviations of a binomial count below its mean. So near to all, nothing can be three above it. */
    private static double least(int count) {
        return count * CONFIDENCE - 3 * Math.sqrt(count * CONFIDENCE * (1 - CONFIDENCE));
    }

    private Projection predict(FittedRuns runs, Convergence law, Setting target) {
        var scenario =
                new Predictor.Scenario(target.layout, target.batch, computing(target), StepDemand.computing(1e9, 1e7));
        return new Predictor(runs, cluster, Optional.of(law), DataPlan.Staging.IN_PLACE, List.of()).predict(scenario);
    }
}
