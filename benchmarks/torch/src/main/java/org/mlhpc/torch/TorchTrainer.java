package org.mlhpc.torch;

import static org.mlhpc.api.Settings.require;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.Batch;
import org.mlhpc.api.OperatorTime;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Trainer;

/**
 * Trains a {@link TorchModel} on gradients averaged over the ranks. A step is one forward and backward pass; the weights are
 * updated in every step, or in every n-th on the mean gradient of n steps.
 */
public final class TorchTrainer<B extends Batch> implements Trainer<B> {
    /** Settings of loader and gradient exchange, which change how fast a run is and nothing else. */
    public static final Set<String> SPEED_SETTINGS = Set.of("loader_threads", "prefetch_batches", "bucket_mb");

    private static final long BYTES_PER_MEGABYTE = 1_000_000;
    private final TorchModel<B> model;
    private final Options options;
    private final LearningRate schedule;
    private final RunContext run;
    private final PhaseClock clock;
    private final GradientBuckets gradients;
    private final Optimizer optimizer;
    private final Buffers buffers;
    private final TrainingState state;
    private int epoch;
    private long stepsDone;
    private long updates;
    private double learningRate = Double.NaN;

    /** Settings of every workload that trains this way. */
    public record Options(Precision precision, double bucketMb) {
        public Options {
            require(bucketMb > 0, "bucket_mb", bucketMb, "positive");
        }

        /** The all-reduces in which the gradients of {@code parameters} are averaged, in their order. */
        public List<AllReduce> allReduces(List<ParameterSpec> parameters) {
            return allReduces(parameters, 1);
        }

        /** As {@link #allReduces(List)}, once in {@code stepsPerUpdate} steps. */
        public List<AllReduce> allReduces(List<ParameterSpec> parameters, int stepsPerUpdate) {
            return GradientBuckets.bytes(parameters, bucketBytes()).stream()
                    .map(bytes -> new AllReduce(bytes, 1.0 / stepsPerUpdate, AllReduce.ALL))
                    .toList();
        }

        long bucketBytes() {
            return Math.round(bucketMb * BYTES_PER_MEGABYTE);
        }
    }

    /** As the other constructor, with an update in every step. */
    public TorchTrainer(
            TorchModel<B> model, Function<Parameters, Optimizer> optimizer, LearningRate schedule, RunContext run) {
        this(model, optimizer, schedule, 1, run);
    }

    /**
     * Takes ownership of {@code model}.
     *
     * @param optimizer builds the optimizer of the model's parameters
     * @param stepsPerUpdate steps whose gradients are averaged for one update
     */
    public TorchTrainer(
            TorchModel<B> model,
            Function<Parameters, Optimizer> optimizer,
            LearningRate schedule,
            int stepsPerUpdate,
            RunContext run) {
        this.model = model;
        this.options = run.settings().bind(Options.class);
        this.schedule = schedule;
        this.run = run;
        this.clock = run.clock();
        Parameters parameters = model.parameters();
        this.gradients = new GradientBuckets(parameters, run.world(), options.bucketBytes(), stepsPerUpdate);
        this.optimizer = optimizer.apply(parameters);
        this.buffers = model.buffers();
        this.state = new TrainingState(parameters, buffers, this.optimizer, gradients, stepsPerUpdate > 1);
        torch.set_num_threads(run.threads());
    }

    @Override
    public void startEpoch(int next, long done) {
        epoch = next;
        stepsDone = done;
        learningRate = schedule.at(epoch, updates);
    }

    @Override
    public double learningRate() {
        return learningRate;
    }

    @Override
    public double step(B batch) {
        return step(batch, () -> model.loss(batch));
    }

    @Override
    public double step(B batch, ObjDoubleConsumer<String> shown) {
        return step(batch, () -> model.shownLoss(batch, shown));
    }

    private double step(B batch, Supplier<Tensor> forward) {
        try (var scope = new PointerScope()) {
            clock.enter(Phase.ALL_REDUCE);
            model.prepare(batch);
            clock.enter(Phase.FORWARD);
            // A step on its own, so that a run can go on from any of them.
            torch.manual_seed(RandomState.of(run.seed(), run.world().rank(), epoch, stepsDone));
            stepsDone++;
            Tensor loss = options.precision().run(forward);
            clock.enter(Phase.BACKWARD);
            gradients.begin();
            loss.backward();
            clock.enter(Phase.ALL_REDUCE);
            boolean complete = gradients.await();
            clock.enter(Phase.OPTIMIZER);
            if (complete) {
                update();
            }
            return loss.item_double();
        }
    }

    private void update() {
        learningRate = schedule.at(epoch, updates);
        updates++;
        optimizer.update(gradients.average(), learningRate, updates);
    }

    /**
     * The times are those of a real step that ends in an update: gradients are exchanged while backward runs, if there are
     * other ranks. What was accumulated and the model's buffers stay as they were.
     */
    @Override
    public List<OperatorTime> timeOperators(B batch) {
        try (var scope = new PointerScope()) {
            int passes = gradients.passes();
            Tensor accumulated =
                    passes == 0 ? new Tensor() : gradients.average().clone();
            Tensor buffersBefore = buffers.flat().clone();
            List<OperatorTime> times = timeOnePass(batch);
            buffers.flat().copy_(buffersBefore);
            if (passes > 0) {
                gradients.average().copy_(accumulated);
            }
            gradients.resumeAfter(passes);
            return times;
        }
    }

    private List<OperatorTime> timeOnePass(B batch) {
        gradients.skipToLastPass();
        gradients.begin();
        model.prepare(batch);
        var timer = new OperatorTimer();
        Tensor loss = options.precision().run(() -> model.loss(batch, timer));
        loss.backward();
        long ended = System.nanoTime();
        gradients.await();
        return timer.times(ended);
    }

    @Override
    public void beginEvaluation() {
        buffers.average(run.world());
        gradients.level();
    }

    @Override
    public double[] validate(B batch) {
        try (var scope = new PointerScope();
                var noGradient = new NoGradGuard()) {
            return options.precision().run(() -> model.validate(batch));
        }
    }

    @Override
    public double metric(double[] sums) {
        return model.metric(sums);
    }

    @Override
    public Map<String, Double> shown(double[] sums) {
        return model.shown(sums);
    }

    @Override
    public void saveState(Path file) throws IOException {
        state.save(file, updates);
    }

    @Override
    public void loadState(Path file) throws IOException {
        updates = state.load(file);
    }

    @Override
    public void exportWeights(Path file) throws IOException {
        state.exportWeights(file);
    }

    @Override
    public void importWeights(Path file) throws IOException {
        state.importWeights(file);
    }

    @Override
    public void close() {
        gradients.close();
        optimizer.close();
        buffers.close();
        model.close();
    }
}
