package org.mlhpc.roofline.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.fit.StepModel;

/**
 * Predicts times to train at other scales and on other machines from fitted runs; docs/metrics.md derives it. Efficiencies,
 * overhead and overlap of the fit are taken along; ceilings are those of the cluster.
 */
public final class Predictor {
    /** Beyond it, a prediction says so. */
    public static final double TRUSTED_EXTRAPOLATION = 10;

    private final FittedRuns runs;
    private final Cluster cluster;
    private final Optional<Convergence> convergence;
    private final DataPlan.Staging staging;

    /** Where and how to train. {@code demand} has no bytes of storage: where data are read from is predicted. */
    public record Scenario(Layout layout, double batch, StepDemand demand) {}

    /** @param convergence empty if it is not known; times to train are not predicted then */
    public Predictor(FittedRuns runs, Cluster cluster, Optional<Convergence> convergence, DataPlan.Staging staging) {
        this.runs = runs;
        this.cluster = cluster;
        this.convergence = convergence;
        this.staging = staging;
    }

    /** The prediction for one scale. */
    public Projection predict(Scenario scenario) {
        Layout layout = scenario.layout;
        if (scenario.batch > runs.data().trainSamples()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a batch of %.0f is larger than the training set of %d samples",
                    scenario.batch,
                    runs.data().trainSamples()));
        }
        DataPlan plan = DataPlan.of(runs.data(), cluster, layout.nodes(), staging);
        Map<Resource, Double> first = ideal(scenario, plan.bytesPerSecond());
        Map<Resource, Double> later = ideal(scenario, plan.cached() ? Double.POSITIVE_INFINITY : plan.bytesPerSecond());
        StepModel model = runs.fit().model();
        double steps = Math.floor(runs.data().trainSamples() / scenario.batch);
        double evaluation = evaluationSeconds(layout);
        double step = model.seconds(later);
        var times = new Times(plan, layout.nodes(), steps, evaluation);
        Optional<Estimate> epochs = convergence.map(known -> epochs(known, scenario.batch));
        Optional<Estimate> train = convergence.map(known -> trainSeconds(known, scenario.batch, times, first, later));
        return new Projection(
                layout,
                scenario.batch,
                stepSeconds(later),
                scenario.batch / step,
                model.alone(later),
                model.binding(later),
                steps * step,
                evaluation,
                plan,
                epochs,
                train,
                extrapolation(scenario),
                remarks(scenario, plan));
    }

    /** What a run's time is made of, beside its steps. */
    private record Times(DataPlan data, int nodes, double stepsPerEpoch, double evaluation) {
        double total(double epochs, double readStep, double cachedStep) {
            double read = data.epochsRead(epochs, nodes);
            return data.stagingSeconds()
                    + stepsPerEpoch * (read * readStep + (epochs - read) * cachedStep)
                    + epochs * evaluation;
        }
    }

    private Map<Resource, Double> ideal(Scenario scenario, double bytesPerSecond) {
        double perNode = scenario.batch / scenario.layout.nodes() * runs.data().bytesPerSample();
        StepDemand own = scenario.demand;
        boolean reads = !Double.isInfinite(bytesPerSecond) && knows(Resource.STORAGE);
        var demand = new StepDemand(
                own.flopPerNode(),
                knows(Resource.MEMORY) ? own.memoryBytesPerNode() : 0,
                reads ? perNode : 0,
                knows(Resource.NETWORK) ? own.reducedBytes() : 0);
        return cluster.reading(bytesPerSecond).ideal(demand, scenario.layout);
    }

    private boolean knows(Resource resource) {
        return runs.fit().model().efficiency().containsKey(resource);
    }

    private double evaluationSeconds(Layout layout) {
        double perRank = Math.ceil((double) runs.data().evalSamples() / layout.ranks());
        return runs.evalSecondsPerSample().orElse(0.0) * perRank;
    }

    /** Draws of the fit, each with the scatter of a single run around it. */
    private Estimate stepSeconds(Map<Resource, Double> ideal) {
        List<StepModel> draws = runs.fit().draws();
        double[] values = new double[draws.size()];
        var random = new Random(1);
        Arrays.setAll(values, i -> draws.get(i).seconds(ideal) * Math.exp(scatter() * random.nextGaussian()));
        return Estimate.of(runs.fit().model().seconds(ideal), values, runs.fit().confidence());
    }

    /** Of logarithms of measured step times around the fit. */
    private double scatter() {
        List<RooflineFit.Residual> residuals = runs.fit().residuals();
        double squares = residuals.stream()
                .mapToDouble(each -> Math.pow(Math.log1p(each.relativeError()), 2))
                .sum();
        int freedom = residuals.size() - runs.fit().parameters().size();
        return Math.sqrt(squares / Math.max(1, freedom));
    }

    private Estimate epochs(Convergence known, double batch) {
        double value = known.samples(batch) / runs.data().trainSamples();
        double margin = Math.exp(known.margin(batch, runs.fit().confidence()));
        return new Estimate(wholeEpochs(value), wholeEpochs(value / margin), wholeEpochs(value * margin));
    }

    private static double wholeEpochs(double epochs) {
        return Math.max(1, Math.ceil(epochs - 1e-9));
    }

    private Estimate trainSeconds(
            Convergence known, double batch, Times times, Map<Resource, Double> first, Map<Resource, Double> later) {
        List<StepModel> draws = runs.fit().draws();
        double mean = known.samples(batch) / runs.data().trainSamples();
        double[] values = new double[draws.size()];
        var random = new Random(2);
        int[] order = shuffled(values.length, random);
        for (int i = 0; i < values.length; i++) {
            // Evenly over the quantiles, in an order that has nothing to do with the draws of the fit.
            double probability = (order[i] + 0.5) / values.length;
            double epochs =
                    wholeEpochs(known.quantile(batch, probability) / runs.data().trainSamples());
            double noise = Math.exp(scatter() * random.nextGaussian());
            StepModel draw = draws.get(i);
            values[i] = times.total(epochs, draw.seconds(first) * noise, draw.seconds(later) * noise);
        }
        StepModel model = runs.fit().model();
        double value = times.total(wholeEpochs(mean), model.seconds(first), model.seconds(later));
        return Estimate.of(value, values, runs.fit().confidence());
    }

    private static int[] shuffled(int count, Random random) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private double extrapolation(Scenario scenario) {
        double work = runs.range()
                .extrapolation(
                        scenario.layout, scenario.batch / scenario.layout.ranks(), scenario.demand.flopPerNode());
        return Math.max(
                work,
                convergence.map(known -> known.extrapolation(scenario.batch)).orElse(1.0));
    }

    private List<String> remarks(Scenario scenario, DataPlan plan) {
        var remarks = new ArrayList<String>();
        double factor = extrapolation(scenario);
        if (factor > TRUSTED_EXTRAPOLATION) {
            remarks.add(String.format(Locale.ROOT, "%.0f times beyond the runs", factor));
        }
        if (scenario.layout.ranks() > 1 && !knows(Resource.NETWORK)) {
            remarks.add("no run had several ranks: network left out");
        }
        if (!Double.isInfinite(plan.bytesPerSecond()) && !knows(Resource.STORAGE)) {
            remarks.add("no run was limited by storage: reading left out");
        }
        if (Double.isInfinite(cluster.storage()) || runs.data().bytesPerSample() == 0) {
            remarks.add("storage or the size of samples was not measured: staging and reading left out");
        }
        if (runs.evalSecondsPerSample().isEmpty()) {
            remarks.add("no run evaluated: evaluation left out");
        }
        return remarks;
    }
}
