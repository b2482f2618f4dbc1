package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Logging;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.Target;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.results.RunRecord;

/** Epoch after epoch of one run, logged, checkpointed and shown. Collective. */
final class EpochRunner<B extends Batch> {
    private static final double PERCENT = 100;
    /** From here on an evaluation is worth a checkpoint before it. */
    private static final double LONG_EVALUATION_SECONDS = 60;

    private final WorkloadSpec spec;
    private final Optional<Logging> logging;
    private final Trainer<B> trainer;
    private final TrainingLoop<B> loop;
    private final RunState state;
    private final RunCheckpoints checkpoints;
    private final StopRequest stop;
    private final RunClock clock;
    private final RunLog log;
    private final Console console;

    EpochRunner(
            WorkloadSpec spec,
            Optional<Logging> logging,
            Trainer<B> trainer,
            TrainingLoop<B> loop,
            RunState state,
            RunCheckpoints checkpoints,
            StopRequest stop,
            RunClock clock,
            RunLog log,
            Console console) {
        this.spec = spec;
        this.logging = logging;
        this.trainer = trainer;
        this.loop = loop;
        this.state = state;
        this.checkpoints = checkpoints;
        this.stop = stop;
        this.clock = clock;
        this.log = log;
        this.console = console;
    }

    /**
     * Goes on from where the run stands until the target, or until epochs or steps are used up.
     *
     * @throws RunStopped on all ranks, with the state saved, if somebody asked for it
     */
    Outcome trainToTarget() throws IOException {
        Target target = spec.target();
        int epoch = state.epochs().size();
        while (goesOn(epoch)) {
            epoch++;
            run(epoch);
            boolean asked = goesOn(epoch) && askForStop();
            if (asked) {
                throw stop.stop(Checkpoint.Position.after(epoch));
            }
        }
        return target.reachedBy(state.quality())
                ? new Outcome.Converged(epoch, state.quality())
                : new Outcome.Missed(epoch, state.quality());
    }

    private boolean goesOn(int epochsDone) {
        return !spec.target().reachedBy(state.quality()) && epochsDone < spec.maxEpochs() && !loop.stepsUsedUp();
    }

    private boolean askForStop() {
        var asked = new AtomicBoolean();
        clock.await(() -> asked.set(stop.asked()));
        return asked.get();
    }

    /** Nobody can ask for a stop within an evaluation, and a job that has to end may not wait for it. By the one before. */
    private boolean evaluatesLong() {
        List<RunRecord.Epoch> epochs = state.epochs();
        return !epochs.isEmpty()
                && loop.rankZeroSays(epochs.get(epochs.size() - 1).evalSeconds() >= LONG_EVALUATION_SECONDS);
    }

    private void run(int number) throws IOException {
        clock.enter(Phase.HARNESS);
        Map<String, Object> metadata = Map.of("epoch_num", number);
        Optional<EpochProgress> begun = state.takeBegunEpoch();
        if (begun.isEmpty()) {
            log.start("epoch_start", metadata);
        }
        EpochProgress trained = loop.train(number, begun.orElseGet(loop::nothingDone));
        if (loop.stopAgreed()) {
            clock.await(trainer::beginEvaluation);
            saveWithin(number, trained);
            throw stop.stop(new Checkpoint.Position(number, Optional.of(trained.step())));
        }
        double evaluationBefore = clock.seconds(Phase.EVALUATION);
        loop.beginEvaluation();
        if (evaluatesLong()) {
            saveWithin(number, trained);
        }
        log.start("eval_start", metadata);
        TrainingLoop.Evaluated found = loop.evaluate(number);
        double quality = found.quality();
        log.end("eval_stop", metadata);
        double evaluation = clock.seconds(Phase.EVALUATION) - evaluationBefore;
        log.end("epoch_stop", metadata);
        log.point(spec.target().metric(), quality, metadata);
        for (Map.Entry<String, Double> shown : found.shown().entrySet()) {
            log.point(shown.getKey(), shown.getValue(), metadata);
        }
        if (logging.isPresent() && spec.target().reachedBy(quality)) {
            log.point(logging.get().targetReached(), spec.target().threshold(), metadata);
        }
        log.point("tracked_stats", Map.of("throughput", trained.samples() / trained.seconds()), metadata);
        double checkpointBefore = clock.seconds(Phase.CHECKPOINT);
        var position = Checkpoint.Position.after(number);
        Optional<Path> saved = checkpoints.saveState(position, trainer);
        var epoch = new RunRecord.Epoch(
                number,
                trained.learningRate(),
                trained.samples(),
                trained.seconds(),
                trained.longestStall(),
                evaluation,
                clock.seconds(Phase.CHECKPOINT) - checkpointBefore,
                trained.loss(),
                quality,
                trained.input());
        state.add(epoch);
        if (saved.isPresent()) {
            checkpoints.complete(saved.get(), state, Optional.empty(), loop.steps(), log);
        }
        say(epoch);
    }

    /**
     * Saves the state within an epoch. What each rank has gathered on its own has to be brought together before, since one rank
     * saves for all. Of running statistics, which follow the batches linearly, the means at the end of the epoch stay the same by
     * that, and gradients are averaged over ranks in any case; both up to rounding, which one rank has none of.
     */
    private void saveWithin(int epoch, EpochProgress progress) throws IOException {
        var position = new Checkpoint.Position(epoch, Optional.of(progress.step()));
        Optional<Path> saved = checkpoints.saveState(position, trainer);
        if (saved.isPresent()) {
            checkpoints.complete(saved.get(), state, Optional.of(progress), loop.steps(), log);
        }
    }

    private void say(RunRecord.Epoch epoch) {
        console.say(
                "epoch %d: %s %.4f (target %s %s), loss %.4f, %.4g samples/s, data stall %.1f %%, %s",
                epoch.number(),
                spec.target().metric(),
                epoch.quality(),
                spec.target().goal() == Target.Goal.AT_MOST ? "<=" : ">=",
                spec.target().threshold(),
                epoch.trainLoss(),
                epoch.samplesPerSecond(),
                PERCENT * epoch.stallSeconds() / epoch.trainSeconds(),
                Console.duration(epoch.trainSeconds() + epoch.evalSeconds()));
    }
}
