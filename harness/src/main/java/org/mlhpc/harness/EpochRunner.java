package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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

    private final WorkloadSpec spec;
    private final Optional<Logging> logging;
    private final Trainer<B> trainer;
    private final TrainingLoop<B> loop;
    private final RunState state;
    private final RunCheckpoints checkpoints;
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
            RunClock clock,
            RunLog log,
            Console console) {
        this.spec = spec;
        this.logging = logging;
        this.trainer = trainer;
        this.loop = loop;
        this.state = state;
        this.checkpoints = checkpoints;
        this.clock = clock;
        this.log = log;
        this.console = console;
    }

    /** Goes on from where the run stands until the target, or until epochs or steps are used up. */
    Outcome trainToTarget() throws IOException {
        Target target = spec.target();
        int epoch = state.epochs().size();
        while (!target.reachedBy(state.quality()) && epoch < spec.maxEpochs() && !loop.stepsUsedUp()) {
            epoch++;
            run(epoch);
        }
        return target.reachedBy(state.quality())
                ? new Outcome.Converged(epoch, state.quality())
                : new Outcome.Missed(epoch, state.quality());
    }

    private void run(int number) throws IOException {
        clock.enter(Phase.HARNESS);
        Map<String, Object> metadata = Map.of("epoch_num", number);
        log.start("epoch_start", metadata);
        TrainingLoop.Trained trained = loop.train(number);
        double evaluationBefore = clock.seconds(Phase.EVALUATION);
        log.start("eval_start", metadata);
        TrainingLoop.Evaluated found = loop.evaluate();
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
        Optional<Path> saved = checkpoints.saveState(number, trainer);
        var epoch = new RunRecord.Epoch(
                number,
                trainer.learningRate(),
                trained.samples(),
                trained.seconds(),
                trained.stallSeconds(),
                evaluation,
                clock.seconds(Phase.CHECKPOINT) - checkpointBefore,
                trained.loss(),
                quality,
                trained.input());
        state.add(epoch);
        if (saved.isPresent()) {
            checkpoints.complete(saved.get(), state, loop.steps(), log);
        }
        say(epoch);
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
