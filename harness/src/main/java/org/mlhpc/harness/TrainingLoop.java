package org.mlhpc.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final StopRequest stop;
    private final StepLog stepLog;
    private final long maxSteps;
    private final OwnTime ownTime;
    private long steps;
    private boolean stopAgreed;

    /** @param maxSteps steps after which to stop; 0 for no limit */
    TrainingLoop(
            Trainer<B> trainer,
            Dataset<B> dataset,
            Communicator world,
            RunClock clock,
            Console console,
            InputMeter input,
            StepObserver observer,
            StopRequest stop,
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
        this.stop = stop;
        this.stepLog = stepLog;
        this.maxSteps = maxSteps;
        this.steps = stepsBefore;
        this.ownTime = new OwnTime(clock);
    }

    long steps() {
        return steps;
    }

    /** Of the steps that this process has made, without waiting for other ranks; empty if too few. */
    Optional<Double> ownSecondsPerStep() {
        return ownTime.secondsPerStep();
    }

    boolean stepsUsedUp() {
        return maxSteps > 0 && steps >= maxSteps;
    }

    /** Of an epoch that has not begun. */
    EpochProgress nothingDone() {
        return EpochProgress.none(world.size());
    }

    /** Whether the last training ended because the run is to stop. */
    boolean stopAgreed() {
        return stopAgreed;
    }

    /**
     * Goes on with an epoch.
     *
     * @param from how far it had come
     * @return how far it has come; that is to its end, unless the steps are used up or the run is to stop
     */
    EpochProgress train(int epoch, EpochProgress from) throws IOException {
        clock.reached(epoch, from.step());
        trainer.startEpoch(epoch, from.step());
        long begin = System.nanoTime() - Math.round(from.seconds() / SECONDS_PER_NANOSECOND);
        double stallBefore = clock.seconds(Phase.DATA_STALL);
        double lossSum = from.lossSums().get(world.rank());
        long samples = 0;
        long step = from.step();
        double stalled = stallBefore;
        input.begin();
        ownTime.begin();
        clock.enter(Phase.DATA_STALL);
        observer.epochBegins();
        try (BatchReader<B> batches = dataset.train(epoch, from.step())) {
            while (!stopAgreed && !stepsUsedUp() && batches.next()) {
                boolean shown = stepLog.shows(steps + 1, isLast(step + 1));
                double loss = shown ? stepLog.step(trainer, batches.batch()) : trainer.step(batches.batch());
                clock.enter(Phase.HARNESS);
                input.stalled(clock.seconds(Phase.DATA_STALL) - stalled);
                stalled = clock.seconds(Phase.DATA_STALL);
                ownTime.stepEnded();
                step++;
                steps++;
                clock.reached(epoch, step);
                requireFinite(loss, epoch, step);
                lossSum += loss;
                samples += batches.batch().samples();
                show(epoch, step, from.samples() + samples * world.size(), begin, loss);
                clock.enter(Phase.DATA_STALL);
                observer.stepEnded();
                if (shown) {
                    log(epoch);
                }
                lookForStop(step);
            }
        }
        clock.enter(Phase.HARNESS);
        // Without an update the trainer would tell the rate of the next one.
        double learningRate = step > 0 && step == from.step() ? from.learningRate() : trainer.learningRate();
        double stall = from.stallSeconds().get(world.rank()) + clock.seconds(Phase.DATA_STALL) - stallBefore;
        return together(from, step, samples, begin, lossSum, stall, learningRate);
    }

    private void log(int epoch) throws IOException {
        clock.enter(Phase.HARNESS);
        stepLog.write(epoch, steps, trainer.learningRate());
        clock.enter(Phase.DATA_STALL);
        observer.asideEnded();
    }

    /** A run that ends here anyway needs not be asked; before an evaluation, which may take long, it always is. */
    private void lookForStop(long step) {
        boolean due = stop.isDue() || step == dataset.stepsPerEpoch();
        if (due && !stepsUsedUp()) {
            clock.await(() -> stopAgreed = stop.asked());
            observer.asideEnded();
        }
    }

    private EpochProgress together(
            EpochProgress from, long step, long samples, long begin, double lossSum, double stall, double learningRate)
            throws IOException {
        double[] all = {samples};
        var lossSums = new ArrayList<Double>();
        var stalls = new ArrayList<Double>();
        clock.await(() -> {
            world.sum(all);
            Arrays.stream(world.gather(lossSum)).forEach(lossSums::add);
            Arrays.stream(world.gather(stall)).forEach(stalls::add);
        });
        double seconds = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
        double busyBefore = from.seconds() - from.longestStall();
        double busy = seconds - Collections.max(stalls);
        Optional<RunRecord.Input> came =
                input.end(busy - busyBefore).map(later -> later.after(from.input(), busyBefore / busy));
        return new EpochProgress(
                step, from.samples() + Math.round(all[0]), seconds, lossSums, stalls, learningRate, came);
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

    /** Whether rank 0 says so, by clocks that differ. Collective. */
    boolean rankZeroSays(boolean own) {
        var said = new AtomicBoolean();
        clock.await(() -> said.set(world.max(world.rank() == 0 && own ? 1 : 0) > 0));
        return said.get();
    }

    /** Brings together what each rank has gathered on its own; afterwards the state may be saved. Collective. */
    void beginEvaluation() {
        clock.enter(Phase.EVALUATION);
        clock.await(trainer::beginEvaluation);
    }

    /** Over the whole validation set, equal on all ranks. After {@link #beginEvaluation}. */
    Evaluated evaluate(int epoch) throws IOException {
        clock.enter(Phase.EVALUATION);
        double[] sums = {};
        long batch = 0;
        try (BatchReader<B> batches = dataset.validation()) {
            while (batches.next()) {
                sums = add(sums, trainer.validate(batches.batch()));
                batch++;
                clock.reached(epoch, batch);
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
