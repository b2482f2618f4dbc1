package org.mlhpc.harness;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.Trainer;
import org.mlhpc.harness.profile.StepObserver;
import org.mlhpc.results.RunRecord;

/** Trains and evaluates one epoch at a time. Collective. */
final class TrainingLoop<B extends Batch> {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final Trainer<B> trainer;
    private final Dataset<B> dataset;
    private final Communicator world;
    private final RunClock clock;
    private final Console console;
    private final InputMeter input;
    private final StepObserver observer;
    private final StepLog stepLog;
    private final long maxSteps;
    private long steps;

    /**
     * What training for an epoch took.
     *
     * @param samples over all ranks
     * @param stallSeconds of the rank that waited longest
     * @param loss mean over steps and ranks
     */
    record Trained(long samples, double seconds, double stallSeconds, double loss, Optional<RunRecord.Input> input) {}

    /** @param maxSteps steps after which to stop; 0 for no limit */
    TrainingLoop(
            Trainer<B> trainer,
            Dataset<B> dataset,
            Communicator world,
            RunClock clock,
            Console console,
            InputMeter input,
            StepObserver observer,
            StepLog stepLog,
            long maxSteps,
            long stepsBefore) {
        this.trainer = trainer;
        this.dataset = dataset;
        this.world = world;
        this.clock = clock;
        this.console = console;
        this.input = input;
        this.observer = observer;
        this.stepLog = stepLog;
        this.maxSteps = maxSteps;
        this.steps = stepsBefore;
    }

    long steps() {
        return steps;
    }

    boolean stepsUsedUp() {
        return maxSteps > 0 && steps >= maxSteps;
    }

    Trained train(int epoch) throws IOException {
        trainer.startEpoch(epoch);
        long begin = System.nanoTime();
        double stallBefore = clock.seconds(Phase.DATA_STALL);
        double lossSum = 0;
        long samples = 0;
        long step = 0;
        double stalled = stallBefore;
        input.begin();
        clock.enter(Phase.DATA_STALL);
        observer.epochBegins();
        try (BatchReader<B> batches = dataset.train(epoch)) {
            while (!stepsUsedUp() && batches.next()) {
                boolean shown = stepLog.shows(steps + 1, isLast(step + 1));
                double loss = shown ? stepLog.step(trainer, batches.batch()) : trainer.step(batches.batch());
                clock.enter(Phase.HARNESS);
                input.stalled(clock.seconds(Phase.DATA_STALL) - stalled);
                stalled = clock.seconds(Phase.DATA_STALL);
                step++;
                steps++;
                requireFinite(loss, epoch, step);
                lossSum += loss;
                samples += batches.batch().samples();
                show(epoch, step, samples * world.size(), begin, loss);
                clock.enter(Phase.DATA_STALL);
                observer.stepEnded();
                if (shown) {
                    stepLog.write(epoch, steps, trainer.learningRate());
                }
            }
        }
        clock.enter(Phase.HARNESS);
        observer.epochEnded();
        double[] sums = {lossSum, step, samples};
        double[] stall = {clock.seconds(Phase.DATA_STALL) - stallBefore};
        clock.await(() -> {
            world.sum(sums);
            stall[0] = world.max(stall[0]);
        });
        double seconds = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
        Optional<RunRecord.Input> came = input.end(seconds - stall[0]);
        return new Trained(Math.round(sums[2]), seconds, stall[0], sums[0] / sums[1], came);
    }

    /** @param step of the epoch, which is also the next of the run */
    private boolean isLast(long step) {
        return step == dataset.stepsPerEpoch() || steps + 1 == maxSteps;
    }

    private void requireFinite(double loss, int epoch, long step) {
        if (!Double.isFinite(loss)) {
            throw new ArithmeticException(String.format(
                    Locale.ROOT,
                    "the loss is %s in epoch %d, step %d, on rank %d: training has diverged; lower the learning rate",
                    loss,
                    epoch,
                    step,
                    world.rank()));
        }
    }

    private void show(int epoch, long step, long samples, long begin, double loss) {
        if (console.due()) {
            double seconds = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
            double left = seconds / step * (dataset.stepsPerEpoch() - step);
            console.show(
                    "epoch %d, step %d of %d, %.4g samples/s, loss %.4f, %s left in this epoch",
                    epoch, step, dataset.stepsPerEpoch(), samples / seconds, loss, Console.duration(left));
        }
    }

    /**
     * What an evaluation found.
     *
     * @param quality the target metric
     * @param shown what else the log shows, by log key
     */
    record Evaluated(double quality, NavigableMap<String, Double> shown) {}

    /** Over the whole validation set, equal on all ranks. */
    Evaluated evaluate() throws IOException {
        clock.enter(Phase.EVALUATION);
        clock.await(trainer::beginEvaluation);
        double[] sums = {};
        try (BatchReader<B> batches = dataset.validation()) {
            while (batches.next()) {
                sums = add(sums, trainer.validate(batches.batch()));
            }
        }
        double[] all = ofAllRanks(sums);
        var found = new Evaluated(trainer.metric(all), new TreeMap<>(trainer.shown(all)));
        clock.enter(Phase.HARNESS);
        return found;
    }

    private double[] ofAllRanks(double[] sums) {
        double[][] all = new double[1][];
        clock.await(() -> {
            // A rank without validation samples does not know how many sums there are.
            all[0] = Arrays.copyOf(sums, (int) world.max(sums.length));
            world.sum(all[0]);
        });
        return all[0];
    }

    private static double[] add(double[] sums, double[] more) {
        double[] all = sums.length == 0 ? new double[more.length] : sums;
        for (int i = 0; i < more.length; i++) {
            all[i] += more[i];
        }
        return all;
    }
}
