package org.mlhpc.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.mlhpc.api.Batch;
import org.mlhpc.api.OperatorTime;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Trainer;

/** Trains a {@link TorchModel} with momentum SGD on gradients averaged over the ranks. */
public final class TorchTrainer<B extends Batch> implements Trainer<B> {
    private static final long BYTES_PER_MEGABYTE = 1_000_000;
    /** Odd, so that ranks and epochs of one seed get different random states; the golden ratio as in SplittableRandom. */
    private static final long STREAM_STRIDE = 0x9E3779B97F4A7C15L;

    private final TorchModel<B> model;
    private final Options options;
    private final IntToDoubleFunction schedule;
    private final RunContext run;
    private final PhaseClock clock;
    private final GradientBuckets gradients;
    private final MomentumSgd optimizer;
    private final TrainingState state;
    private double learningRate = Double.NaN;

    /** Settings of every workload that trains this way. */
    public record Options(Precision precision, double bucketMb, double sgdOptMomentum) {
        public Options {
            if (!(bucketMb > 0)) {
                throw new IllegalArgumentException("bucket_mb=" + bucketMb + " must be positive");
            }
            if (!(sgdOptMomentum >= 0 && sgdOptMomentum < 1)) {
                throw new IllegalArgumentException("sgd_opt_momentum=" + sgdOptMomentum + " must be in [0, 1)");
            }
        }

        /** Bytes of each all-reduce in which the gradients of {@code parameters} are averaged, in their order. */
        public List<Long> reducedBytes(List<ParameterSpec> parameters) {
            return GradientBuckets.bytes(parameters, bucketBytes());
        }

        long bucketBytes() {
            return Math.round(bucketMb * BYTES_PER_MEGABYTE);
        }
    }

    /**
     * Takes ownership of {@code model}.
     *
     * @param schedule learning rate by epoch, from 1
     */
    public TorchTrainer(TorchModel<B> model, IntToDoubleFunction schedule, RunContext run) {
        this.model = model;
        this.options = run.settings().bind(Options.class);
        this.schedule = schedule;
        this.run = run;
        this.clock = run.clock();
        Parameters parameters = model.parameters();
        this.gradients = new GradientBuckets(parameters, run.world(), options.bucketBytes());
        this.optimizer = new MomentumSgd(parameters.flat(), options.sgdOptMomentum());
        this.state = new TrainingState(parameters, optimizer.velocity());
        torch.set_num_threads(run.threads());
    }

    @Override
    public void startEpoch(int epoch) {
        learningRate = schedule.applyAsDouble(epoch);
        long stream = (long) epoch * run.world().size() + run.world().rank();
        torch.manual_seed(run.seed() + stream * STREAM_STRIDE);
    }

    @Override
    public double learningRate() {
        return learningRate;
    }

    @Override
    public double step(B batch) {
        try (var scope = new PointerScope()) {
            clock.enter(Phase.FORWARD);
            Tensor loss = options.precision().run(() -> model.loss(batch));
            clock.enter(Phase.BACKWARD);
            gradients.begin();
            loss.backward();
            clock.enter(Phase.ALL_REDUCE);
            Tensor average = gradients.await();
            clock.enter(Phase.OPTIMIZER);
            optimizer.update(average, learningRate);
            return loss.item_double();
        }
    }

    /** The times are those of a real step: gradients are exchanged while backward runs, if there are other ranks. */
    @Override
    public List<OperatorTime> timeOperators(B batch) {
        try (var scope = new PointerScope()) {
            gradients.begin();
            var timer = new OperatorTimer();
            Tensor loss = options.precision().run(() -> model.loss(batch, timer));
            loss.backward();
            long ended = System.nanoTime();
            gradients.await();
            return timer.times(ended);
        }
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
    public void saveState(Path file) throws IOException {
        state.save(file);
    }

    @Override
    public void loadState(Path file) throws IOException {
        state.load(file);
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
        model.close();
    }
}
