package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.mllog.MlLogWriter;
import org.mlhpc.results.report.RunReport;
import org.mlhpc.roofline.counters.ProcessStorage;
import org.mlhpc.staging.StagingRequest;

/**
 * One run: initialisation, staging, training until the target, and what it leaves behind. The order of the log is that of
 * the published reference, with the model built and the data opened inside the timed part.
 */
public final class TrainingRun<B extends Batch> {
    private static final double SECONDS_PER_MILLISECOND = 1e-3;

    private final RunPlan plan;
    private final Workload<B> workload;
    private final WorkloadSpec spec;
    private final Communicator world;
    private final String mpi;
    private final RunClock clock;
    private final Console console;
    private final InstantSource instants;
    private final Checkpoints checkpoints;
    private final List<String> notes = new ArrayList<>();
    private final List<RunRecord.Epoch> epochs = new ArrayList<>();
    private final RunRecords records;

    private Optional<Checkpoint> resumed = Optional.empty();
    private Optional<RunRecord.Staging> staging = Optional.empty();
    private long runStartMillis;

    /**
     * Prepares a run. Collective.
     *
     * @param mpi name of the message-passing library; empty for a run with one process
     */
    public TrainingRun(
            RunPlan plan,
            Workload<B> workload,
            Communicator world,
            String mpi,
            RunClock clock,
            Console console,
            InstantSource instants) {
        this.plan = plan;
        this.workload = workload;
        this.spec = workload.spec(plan.settings());
        this.world = world;
        this.mpi = mpi;
        this.clock = clock;
        this.console = console;
        this.instants = instants;
        this.checkpoints = new Checkpoints(plan.files().checkpoints());
        this.records = new RunRecords(plan, spec, world, new ProcessStorage());
    }

    /** Runs to the end and writes log and record. Collective. */
    public Outcome execute() throws IOException {
        Instant started = instants.instant();
        resumed = findCheckpoint();
        if (plan.synthetic()) {
            notes.add("trained on synthetic data");
        }
        try (RunLog log = openLog()) {
            int nodes = MachineProbe.nodes(world);
            if (resumed.isEmpty()) {
                initialise(log, nodes);
                runStartMillis = log.start("run_start", Map.of());
            }
            Outcome outcome = timed(log);
            long runStopMillis = log.end("run_stop", Map.of("status", outcome.status()));
            clock.enter(RunClock.Stage.REPORT);
            double runSeconds = (runStopMillis - runStartMillis) * SECONDS_PER_MILLISECOND;
            RunRecords.Totals totals = records.total(clock);
            if (world.rank() == 0) {
                RunRecord.Machine machine = MachineProbe.probe(nodes, world.size(), plan.threads(), mpi);
                RunRecord record =
                        records.assemble(started, outcome, runSeconds, clock, staging, epochs, machine, totals, notes);
                RunRecordFile.write(plan.files().record(), record);
                RunReport.write(plan.files().report(), record);
                Files.move(plan.files().growingLog(), plan.files().log(), StandardCopyOption.ATOMIC_MOVE);
            }
            world.barrier();
            return outcome;
        }
    }

    /** Rank 0 chooses, so that all go on from the same epoch even if one sees an older state of the file system. */
    private Optional<Checkpoint> findCheckpoint() throws IOException {
        if (!plan.resume()) {
            return Optional.empty();
        }
        Optional<Checkpoint> found = checkpoints.newest(notes::add);
        int epoch =
                (int) world.max(world.rank() == 0 ? found.map(Checkpoint::epoch).orElse(0) : 0);
        if (found.map(Checkpoint::epoch).orElse(0) != epoch) {
            throw new IOException("rank " + world.rank() + " does not see the checkpoint of epoch " + epoch
                    + ": is --out on a file system that all nodes share?");
        }
        found.ifPresent(checkpoint -> Checkpoints.requireSame(identity(), checkpoint));
        return found;
    }

    private Map<String, String> identity() {
        var identity = new TreeMap<>(plan.settings().asMap());
        identity.put("workload", workload.name());
        identity.put("seed", Long.toString(plan.seed()));
        identity.put("ranks", Integer.toString(world.size()));
        return identity;
    }

    private RunLog openLog() throws IOException {
        if (world.rank() != 0) {
            return new RunLog(world, clock, null);
        }
        long keep = resumed.map(Checkpoint::logBytes).orElse(0L);
        return new RunLog(world, clock, new MlLogWriter(plan.files().growingLog(), keep, instants, RunLog.class));
    }

    private void initialise(RunLog log, int nodes) throws IOException {
        clock.enter(RunClock.Stage.INITIALISATION);
        log.start("init_start", Map.of());
        boolean cleared = plan.dropCaches() && PageCache.drop();
        if (!cleared) {
            notes.add("page cache not dropped before the run");
        }
        log.point("cache_clear", cleared);
        log.point("seed", plan.seed());
        log.point("number_of_ranks", world.size());
        log.point("number_of_nodes", nodes);
        // 0 stands for a system without accelerators.
        log.point("accelerators_per_node", 0);
        log.point("submission_benchmark", workload.name());
        log.point("submission_org", plan.submission().org());
        log.point("submission_division", plan.division());
        log.point("submission_status", plan.submission().status());
        log.point("submission_platform", plan.submission().platform());
        log.end("init_stop", Map.of());
    }

    private Outcome timed(RunLog log) throws IOException {
        clock.enter(RunClock.Stage.STAGING);
        try (StagedData data = stage(log)) {
            return train(log, data);
        }
    }

    private Outcome train(RunLog log, StagedData data) throws IOException {
        clock.enter(RunClock.Stage.SET_UP);
        var context = new RunContext(world, plan.settings(), plan.seed(), clock, plan.threads());
        try (Dataset<B> dataset = data.isNodeShard()
                        ? workload.openNodeShard(data.directory(), context)
                        : workload.openDataset(data.directory(), context);
                Trainer<B> trainer = workload.newTrainer(context)) {
            if (resumed.isPresent()) {
                restore(trainer, resumed.get());
            } else {
                describe(log, dataset);
                if (plan.initialWeights().isPresent()) {
                    trainer.importWeights(plan.initialWeights().get());
                }
            }
            long stepsBefore = resumed.map(Checkpoint::steps).orElse(0L);
            var input = new InputMeter(dataset, data.directory(), world);
            var loop = new TrainingLoop<>(trainer, dataset, world, clock, console, input, plan.maxSteps(), stepsBefore);
            return trainToTarget(log, loop, trainer);
        }
    }

    private StagedData stage(RunLog log) throws IOException {
        if (resumed.isEmpty()) {
            log.start("staging_start", Map.of());
        }
        StagingRequest request = plan.staging().forRun(spec.maxEpochs(), workload.readsNodeShards(), plan.threads());
        StagedData data = StagedData.stage(plan.data(), request, world, console, new ProcessStorage());
        if (resumed.isEmpty()) {
            log.end("staging_stop", Map.of());
        }
        staging = Optional.of(data.record());
        notes.addAll(data.notes());
        return data;
    }

    private void describe(RunLog log, Dataset<B> dataset) throws IOException {
        for (Map.Entry<String, Object> entry :
                workload.loggedHyperparameters(plan.settings(), world.size()).entrySet()) {
            log.point(entry.getKey(), entry.getValue());
        }
        log.point("train_samples", dataset.trainSamples());
        log.point("eval_samples", dataset.validationSamples());
    }

    private void restore(Trainer<B> trainer, Checkpoint checkpoint) throws IOException {
        trainer.loadState(checkpoints.state(checkpoint.epoch()));
        runStartMillis = checkpoint.runStartMillis();
        epochs.addAll(checkpoint.epochs());
        clock.add(checkpoint.phases());
        notes.addAll(checkpoint.notes());
        notes.add("resumed after epoch " + checkpoint.epoch()
                + "; the score includes the time between, and bytes by channel count from there");
        console.say("resuming after epoch %d", checkpoint.epoch());
    }

    private Outcome trainToTarget(RunLog log, TrainingLoop<B> loop, Trainer<B> trainer) throws IOException {
        double quality =
                epochs.isEmpty() ? Double.NaN : epochs.get(epochs.size() - 1).quality();
        int epoch = epochs.size();
        while (!spec.target().reachedBy(quality) && epoch < spec.maxEpochs() && !loop.stepsUsedUp()) {
            epoch++;
            RunRecord.Epoch done = runEpoch(log, loop, trainer, epoch);
            quality = done.quality();
        }
        if (loop.stepsUsedUp()) {
            notes.add("stopped by --max-steps " + plan.maxSteps());
        }
        noteInput();
        return spec.target().reachedBy(quality)
                ? new Outcome.Converged(epoch, quality)
                : new Outcome.Missed(epoch, quality);
    }

    private void noteInput() {
        LoaderAdvice.of(epochs).ifPresent(advice -> {
            notes.add(advice);
            console.say(advice);
        });
        epochs.stream().findFirst().flatMap(RunRecord.Epoch::input).ifPresent(input -> input.deviceBytes()
                .filter(devices -> DeviceReads.isCached(devices, input.bytes()))
                .ifPresent(devices -> notes.add(DeviceReads.note("the first epoch", devices, input.bytes()))));
    }

    private RunRecord.Epoch runEpoch(RunLog log, TrainingLoop<B> loop, Trainer<B> trainer, int number)
            throws IOException {
        clock.enter(Phase.HARNESS);
        Map<String, Object> metadata = Map.of("epoch_num", number);
        log.start("epoch_start", metadata);
        TrainingLoop.Trained trained = loop.train(number);
        double evaluationBefore = clock.seconds(Phase.EVALUATION);
        log.start("eval_start", metadata);
        double quality = loop.evaluate();
        log.end("eval_stop", metadata);
        double evaluation = clock.seconds(Phase.EVALUATION) - evaluationBefore;
        log.end("epoch_stop", metadata);
        log.point(spec.target().metric(), quality, metadata);
        log.point("tracked_stats", Map.of("throughput", trained.samples() / trained.seconds()), metadata);
        double checkpointBefore = clock.seconds(Phase.CHECKPOINT);
        clock.enter(Phase.CHECKPOINT);
        Optional<Path> state =
                world.rank() == 0 ? Optional.of(checkpoints.saveState(number, trainer)) : Optional.empty();
        clock.enter(Phase.HARNESS);
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
        epochs.add(epoch);
        if (state.isPresent()) {
            completeCheckpoint(log, loop, state.get());
        }
        say(epoch);
        return epoch;
    }

    private void completeCheckpoint(RunLog log, TrainingLoop<B> loop, Path state) throws IOException {
        clock.enter(Phase.CHECKPOINT);
        Manifest.Entry entry = Manifest.entryOf(state);
        checkpoints.complete(new Checkpoint(
                epochs.size(),
                identity(),
                String.valueOf(state.getFileName()),
                entry.bytes(),
                entry.crc32c(),
                log.bytes(),
                runStartMillis,
                loop.steps(),
                clock.secondsByPhase(),
                epochs,
                notes));
        clock.enter(Phase.HARNESS);
    }

    private void say(RunRecord.Epoch epoch) {
        console.say(
                "epoch %d: %s %.4f (target %s), loss %.4f, %.4g samples/s, data stall %.1f %%, %s",
                epoch.number(),
                spec.target().metric(),
                epoch.quality(),
                spec.target(),
                epoch.trainLoss(),
                epoch.samplesPerSecond(),
                100 * epoch.stallSeconds() / epoch.trainSeconds(),
                Console.duration(epoch.trainSeconds() + epoch.evalSeconds()));
    }
}
