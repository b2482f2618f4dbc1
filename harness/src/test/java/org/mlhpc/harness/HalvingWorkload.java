package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.DataGenerator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Target;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;

/**
 * A workload whose error halves with each epoch, from 0.5 after the first. Its settings make it fail: {@code nan_step} and
 * {@code failing_epoch} count from 1, 0 is never.
 */
public class HalvingWorkload implements Workload<HalvingWorkload.One> {
    static final int STEPS = 3;

    private final IntConsumer afterStep;

    public HalvingWorkload() {
        this(step -> {});
    }

    /** @param afterStep told the number of each step of this process, from 1 */
    public HalvingWorkload(IntConsumer afterStep) {
        this.afterStep = afterStep;
    }

    public record One() implements Batch {
        @Override
        public int samples() {
            return 1;
        }
    }

    /** An evaluation has ended. */
    void evaluated(int epoch) {}

    /** @param failingEpoch epoch in whose beginning the process "dies" */
    record Faults(double target, int maxEpochs, int nanStep, int failingEpoch) {}

    static Settings settings(double target) {
        return Settings.of(
                Map.of("target", Double.toString(target), "max_epochs", "6", "nan_step", "0", "failing_epoch", "0"));
    }

    @Override
    public String name() {
        return "halving";
    }

    @Override
    public String summary() {
        return "halves its error";
    }

    @Override
    public List<String> configurations() {
        return List.of("only");
    }

    @Override
    public Settings settings(String configuration) {
        return settings(0.2);
    }

    @Override
    public WorkloadSpec spec(Settings settings) {
        Faults faults = settings.bind(Faults.class);
        return new WorkloadSpec(
                new Target("eval_error", Target.Goal.AT_MOST, faults.target()),
                faults.maxEpochs(),
                List.of(new WorkloadSpec.Layer("one", List.of(1), 1, 1)),
                List.of("not a published workload"));
    }

    @Override
    public Map<String, Object> loggedHyperparameters(Settings settings, int ranks) {
        return Map.of("global_batch_size", ranks);
    }

    @Override
    public Trainer<One> newTrainer(RunContext run) {
        return new HalvingTrainer(run.settings().bind(Faults.class), afterStep, this::evaluated);
    }

    @Override
    public Dataset<One> openDataset(Path directory, RunContext run) {
        return new Ones();
    }

    @Override
    public DataGenerator generator(Settings settings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Settings withLeastData(Settings settings) {
        return settings;
    }

    private static final class HalvingTrainer implements Trainer<One> {
        private final Faults faults;
        private final IntConsumer afterStep;
        private final IntConsumer evaluated;
        private int epoch;
        private int step;
        private int stepsOfThisProcess;

        HalvingTrainer(Faults faults, IntConsumer afterStep, IntConsumer evaluated) {
            this.evaluated = evaluated;
            this.faults = faults;
            this.afterStep = afterStep;
        }

        @Override
        public void startEpoch(int next, long stepsDone) {
            if (next == faults.failingEpoch()) {
                throw new IllegalStateException("died in epoch " + next);
            }
            epoch = next;
        }

        @Override
        public double learningRate() {
            return 0.1;
        }

        @Override
        public double step(One batch) {
            step++;
            afterStep.accept(++stepsOfThisProcess);
            return step == faults.nanStep() ? Double.NaN : 1.0 / step;
        }

        @Override
        public double[] validate(One batch) {
            return new double[] {Math.pow(0.5, epoch), 1};
        }

        @Override
        public double metric(double[] sums) {
            evaluated.accept(epoch);
            return sums[0] / sums[1];
        }

        @Override
        public void saveState(Path file) throws IOException {
            Files.writeString(file, epoch + " " + step);
        }

        @Override
        public void loadState(Path file) throws IOException {
            String[] state = Files.readString(file).split(" ", -1);
            epoch = Integer.parseInt(state[0]);
            step = Integer.parseInt(state[1]);
        }

        @Override
        public void exportWeights(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void importWeights(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static final class Ones implements Dataset<One> {
        @Override
        public long trainSamples() {
            return STEPS;
        }

        @Override
        public long validationSamples() {
            return 1;
        }

        @Override
        public long stepsPerEpoch() {
            return STEPS;
        }

        @Override
        public BatchReader<One> train(int epoch, long stepsDone) {
            return new Countdown(STEPS - (int) stepsDone);
        }

        @Override
        public BatchReader<One> validation() {
            return new Countdown(1);
        }

        @Override
        public void close() {}
    }

    private static final class Countdown implements BatchReader<One> {
        private int left;

        Countdown(int left) {
            this.left = left;
        }

        @Override
        public boolean next() {
            return left-- > 0;
        }

        @Override
        public One batch() {
            return new One();
        }

        @Override
        public void close() {}
    }
}
