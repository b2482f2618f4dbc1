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
        requirePossible(scenario);
        DataPlan plan = DataPlan.of(runs.data(), cluster, scenario.layout.nodes(), staging);
        EpochWork first = epoch(scenario, plan.bytesPerSecond());
        EpochWork later = plan.cached() ? epoch(scenario, Double.POSITIVE_INFINITY) : first;
        List<Map<Resource, Double>> steps = List.of(first.step(), later.step());
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
                stepSeconds(later.step(), runs.scatter(scenario.layout)),
                scenario.batch / model.seconds(later.step()),
                model.alone(later.step()),
                model.binding(later.step()),
                model.overheadSeconds(),
                later.trainingSeconds(model),
                later.evaluationSeconds(model, times.factor),
                plan,
                convergence.map(known -> epochs(known, scenario.batch)),
                convergence.map(known -> trainSeconds(known, scenario, times)),
                Collections.max(caveats.beyond(scenario, steps).values()),
                caveats.of(scenario, plan, steps));
    }

    private void requirePossible(Scenario scenario) {
        if (scenario.batch > runs.data().trainSamples()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the batch is larger than the training set of %d samples: lower --batch or --batch-per-rank, or"
                            + " raise --train-samples",
                    runs.data().trainSamples()));
        }
        Layout layout = scenario.layout;
        double threadsPerProcessor = (double) layout.threadsPerNode() / cluster.processors();
        if (threadsPerProcessor > runs.mostThreadsPerProcessor()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%d x %d threads on a node are more than its logical processors, which are %d by the machine file, and no"
                            + " run had so many for each: lower --threads or --ranks-per-node, or measure with all"
                            + " processors of a node",
                    layout.ranksPerNode(),
                    layout.threadsPerRank(),
                    cluster.processors()));
        }
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
        StepDemand batch = known(scenario.evaluation, perNode, scenario.layout);
        return new EpochWork(
                steps,
                reading.ideal(known(scenario.step, perNode, scenario.layout), scenario.layout),
                new Evaluation(runs.data().evalSamples(), scenario.localBatch(), batch, scenario.layout, reading));
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
    private Estimate stepSeconds(Map<Resource, Double> ideal, double scatter) {
        List<StepModel> draws = runs.fit().draws();
        double[] values = new double[draws.size()];
        var random = new Random(1);
        Arrays.setAll(values, i -> draws.get(i).seconds(ideal) * Math.exp(scatter * random.nextGaussian()));
        return Estimate.of(runs.fit().model().seconds(ideal), values, runs.fit().confidence());
    }

    private Estimate epochs(Convergence known, double batch) {
        double value = known.samples(batch) / runs.data().trainSamples();
        double tail = (1 - runs.fit().confidence()) / 2;
        double low = known.quantile(batch, tail) / runs.data().trainSamples();
        double high = known.quantile(batch, 1 - tail) / runs.data().trainSamples();
        return new Estimate(wholeEpochs(value), wholeEpochs(low), wholeEpochs(high));
    }

    private static double wholeEpochs(double epochs) {
        return Math.max(1, Math.ceil(epochs - 1e-9));
    }

    private Estimate trainSeconds(Convergence known, Scenario scenario, Times times) {
        double scatter = runs.scatter(scenario.layout);
        List<StepModel> draws = runs.fit().draws();
        double[] values = new double[draws.size()];
        var random = new Random(2);
        int[] order = shuffled(values.length, random);
        for (int i = 0; i < values.length; i++) {
            // Evenly over the quantiles, in an order that has nothing to do with the draws of the fit.
            double probability = (order[i] + 0.5) / values.length;
            double epochs = wholeEpochs(
                    known.quantile(scenario.batch, probability) / runs.data().trainSamples());
            values[i] = times.total(epochs, draws.get(i), Math.exp(scatter * random.nextGaussian()));
        }
        double mean = wholeEpochs(known.samples(scenario.batch) / runs.data().trainSamples());
        return Estimate.of(
                times.total(mean, runs.fit().model(), 1), values, runs.fit().confidence());
    }

    private static int[] shuffled(int count, Random random) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
