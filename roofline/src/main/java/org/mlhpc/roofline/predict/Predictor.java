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
    private final FittedRuns runs;
    private final Cluster cluster;
    private final Optional<Convergence> convergence;
    private final DataPlan.Staging staging;
    private final Caveats caveats;

    /**
     * Where and how to train. Neither demand has bytes of storage nor loading: those follow from where the data are.
     *
     * @param step work of a training step
     * @param evaluation work of evaluating as many samples
     */
    public record Scenario(Layout layout, double batch, StepDemand step, StepDemand evaluation) {
        double localBatch() {
            return batch / layout.ranks();
        }
    }

    /**
     * @param convergence empty if it is not known; times to train are not predicted then
     * @param assumptions what a reader must know of all predictions, in words
     */
    public Predictor(
            FittedRuns runs,
            Cluster cluster,
            Optional<Convergence> convergence,
            DataPlan.Staging staging,
            List<String> assumptions) {
        this.runs = runs;
        this.cluster = cluster;
        this.convergence = convergence;
        this.staging = staging;
        this.caveats = new Caveats(runs, cluster, convergence, assumptions);
    }

    /**
     * The prediction for one scale.
     *
     * @throws IllegalArgumentException if nobody can train so, or what it takes was not measured
     */
    public Projection predict(Scenario scenario) {
        if (scenario.batch > runs.data().trainSamples()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a batch of %.0f is larger than the training set of %d samples",
                    scenario.batch,
                    runs.data().trainSamples()));
        }
        DataPlan plan = DataPlan.of(runs.data(), cluster, scenario.layout.nodes(), staging);
        EpochWork first = epoch(scenario, plan.bytesPerSecond());
        EpochWork later = plan.cached() ? epoch(scenario, Double.POSITIVE_INFINITY) : first;
        StepModel model = runs.fit().model();
        var times = new Times(
                plan,
                scenario.layout.nodes(),
                first,
                later,
                runs.evaluationFactor().orElse(0.0));
        return new Projection(
                scenario.layout,
                scenario.batch,
                stepSeconds(later.step()),
                scenario.batch / model.seconds(later.step()),
                model.alone(later.step()),
                model.binding(later.step()),
                model.overheadSeconds(),
                later.trainingSeconds(model),
                later.evaluationSeconds(model, times.factor),
                plan,
                convergence.map(known -> epochs(known, scenario.batch)),
                convergence.map(known -> trainSeconds(known, scenario.batch, times)),
                Collections.max(caveats.beyond(scenario, first.step()).values()),
                caveats.of(scenario, plan, first.step()));
    }

    /** What a run's time is made of. */
    private record Times(DataPlan data, int nodes, EpochWork first, EpochWork later, double factor) {
        double total(double epochs, StepModel model, double noise) {
            double read = data.epochsRead(epochs, nodes);
            return data.stagingSeconds()
                    + noise * (read * seconds(first, model) + (epochs - read) * seconds(later, model));
        }

        private double seconds(EpochWork epoch, StepModel model) {
            return epoch.trainingSeconds(model) + epoch.evaluationSeconds(model, factor);
        }
    }

    /** @param bytesPerSecond that a node reads; infinite from memory */
    private EpochWork epoch(Scenario scenario, double bytesPerSecond) {
        double steps = Math.floor(runs.data().trainSamples() / scenario.batch);
        double perNode = scenario.batch / scenario.layout.nodes();
        Cluster reading = cluster.reading(bytesPerSecond);
        var evaluation = new ArrayList<EpochWork.Batches>();
        long samples = -Math.floorDiv(-runs.data().evalSamples(), (long) scenario.layout.ranks());
        long whole = (long) (samples / scenario.localBatch());
        double rest = samples / scenario.localBatch() - whole;
        StepDemand batch = known(scenario.evaluation, perNode, scenario.layout);
        evaluation.add(new EpochWork.Batches(whole, reading.ideal(batch, scenario.layout)));
        if (rest > 0) {
            evaluation.add(new EpochWork.Batches(1, reading.ideal(batch.times(rest), scenario.layout)));
        }
        return new EpochWork(
                steps, reading.ideal(known(scenario.step, perNode, scenario.layout), scenario.layout), evaluation);
    }

    /** Work on what the fit knows about, with reading and decoding of {@code samples} on each node. */
    private StepDemand known(StepDemand all, double samples, Layout layout) {
        return new StepDemand(
                all.flopPerNode(),
                caveats.knows(Resource.MEMORY) ? all.memoryBytesPerNode() : 0,
                caveats.knows(Resource.STORAGE) ? samples * runs.data().bytesPerSample() : 0,
                caveats.knows(Resource.NETWORK) ? all.allReduces() : List.of(),
                runs.loader().map(loader -> loader.loading(samples, layout)));
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

    private Estimate trainSeconds(Convergence known, double batch, Times times) {
        List<StepModel> draws = runs.fit().draws();
        double[] values = new double[draws.size()];
        var random = new Random(2);
        int[] order = shuffled(values.length, random);
        for (int i = 0; i < values.length; i++) {
            // Evenly over the quantiles, in an order that has nothing to do with the draws of the fit.
            double probability = (order[i] + 0.5) / values.length;
            double epochs =
                    wholeEpochs(known.quantile(batch, probability) / runs.data().trainSamples());
            values[i] = times.total(epochs, draws.get(i), Math.exp(scatter() * random.nextGaussian()));
        }
        double mean = wholeEpochs(known.samples(batch) / runs.data().trainSamples());
        return Estimate.of(
                times.total(mean, runs.fit().model(), 1), values, runs.fit().confidence());
    }

    private static int[] shuffled(int count, Random random) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
