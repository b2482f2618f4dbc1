package org.mlhpc.harness;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Logging;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Trainer;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.harness.profile.RunProfiler;
import org.mlhpc.harness.profile.StepObserver;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.SlowNodes;
import org.mlhpc.results.mllog.MlLogWriter;
import org.mlhpc.results.report.RunReport;
import org.mlhpc.roofline.counters.ProcessStorage;
import org.mlhpc.staging.StagingRequest;

/**
 * One run: initialisation, staging, training until the target, and what it leaves behind. As in the published reference the
 * model is built and the data are opened inside the timed part; the order of the log is the reference's too, except that
 * batch size and numbers of samples follow staging, because the data are opened where they were staged.
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
    private final RunCheckpoints checkpoints;
    private final RunState state = new RunState();
    private final RunRecords records;
    private final Compliance compliance;
    private final RunOpening<B> opening;
    private final StopRequest stop;

    /** What training came to, on all ranks; the time of run_stop and the profile are those of rank 0. */
    private record Trained(Outcome outcome, long runStopMillis, RunRecords.Totals totals, Optional<Profile> profile) {}

    private Optional<Checkpoint> resumed = Optional.empty();
    private Optional<RunRecord.Staging> staging = Optional.empty();
    private Optional<RunProfiler> profiler = Optional.empty();

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
        this.checkpoints = new RunCheckpoints(plan, world, clock, instants);
        this.records = new RunRecords(plan, spec, world, new ProcessStorage());
        this.compliance = new Compliance(plan);
        this.opening = new RunOpening<>(plan, workload, world, clock, state, compliance, console);
        this.stop = new StopRequest(plan.files().stop(), EndCause.file(), world, console, clock::nanos);
    }

    /**
     * Runs to the end and writes log and record. Collective.
     *
     * @throws RunStopped on all ranks, with the state saved and no log and record, if somebody asked for it
     */
    public Outcome execute() throws IOException {
        stop.clear(startOfProcess());
        Instant started = instants.instant();
        resumed = checkpoints.find(state);
        if (plan.synthetic()) {
            state.note(RunRecord.SYNTHETIC);
        }
        try (RunLog log = openLog()) {
            int nodes = world.nodes();
            profiler = newProfiler();
            if (resumed.isPresent()) {
                EngineStart.on(world);
            } else {
                opening.initialise(log, nodes);
                state.start(log.start("run_start", Map.of()));
            }
            Trained trained = timed(log);
            if (world.rank() == 0) {
                compliance.failure().ifPresent(this::remark);
                trained.profile().flatMap(Profile::countingWarning).ifPresent(this::remark);
                profiler.map(RunProfiler::uncounted).orElse(List.of()).forEach(lost -> remark("not counted: " + lost));
            }
            clock.enter(RunClock.Stage.REPORT);
            report(started, trained, nodes);
            world.barrier();
            return trained.outcome();
        } catch (RulesBroken e) {
            // Nothing was trained, so there is nothing to resume.
            Files.deleteIfExists(plan.files().growingLog());
            throw e;
        } catch (RunStopped e) {
            // The first rank to end may end the job, and with it those that still remove what was staged to memory.
            world.barrier();
            throw e;
        } finally {
            profiler.ifPresent(RunProfiler::close);
        }
    }

    private void remark(String what) {
        state.note(what);
        console.say("%s", what);
    }

    private static Instant startOfProcess() {
        return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    /** The log gets its final name last: a run that has one is complete. */
    private void report(Instant started, Trained trained, int nodes) throws IOException {
        if (world.rank() == 0) {
            double runSeconds = (trained.runStopMillis() - state.runStartMillis()) * SECONDS_PER_MILLISECOND;
            RunRecord.Machine machine = MachineProbe.probe(nodes, world.size(), plan.threads(), mpi);
            RunRecord record = records.assemble(
                    started,
                    trained.outcome(),
                    runSeconds,
                    clock,
                    staging,
                    state.epochs(),
                    state.interruptions(),
                    machine,
                    trained.totals(),
                    trained.profile(),
                    state.notes());
            RunRecordFile.write(plan.files().record(), record);
            RunReport.write(plan.files().report(), record, plan.measuring().ceilings());
            Files.move(plan.files().growingLog(), plan.files().log(), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private RunLog openLog() throws IOException {
        if (world.rank() != 0) {
            return new RunLog(world, clock, null);
        }
        long keep = resumed.map(Checkpoint::logBytes).orElse(0L);
        Path file = plan.files().growingLog();
        var writer = new MlLogWriter(file, keep, instants, RunLog.class);
        compliance.seeBeginning(file, keep);
        return new RunLog(world, clock, writer.showing(compliance::see));
    }

    private Trained timed(RunLog log) throws IOException {
        clock.enter(RunClock.Stage.STAGING);
        try (StagedData data = stage(log)) {
            noteStaging(log, data);
            Trained trained = train(log, data);
            world.barrier(); // nobody reads the data any more
            return trained;
        }
    }

    private Trained train(RunLog log, StagedData data) throws IOException {
        clock.enter(RunClock.Stage.SET_UP);
        ReadLimit limit = StorageLimit.perNode(world, plan.measuring().storageLimit(), state);
        var context = new RunContext(world, plan.settings(), plan.seed(), clock, plan.threads(), limit);
        List<String> nodes = NodeNames.gather(world, NodeNames.own());
        try (WatchedRun watched = WatchedRun.start(plan, world, clock, nodes);
                Dataset<B> dataset = data.isNodeShard()
                        ? workload.openNodeShard(data.directory(), context)
                        : workload.openDataset(data.directory(), context);
                Trainer<B> trainer = workload.newTrainer(context)) {
            if (resumed.isPresent()) {
                restore(log, trainer, resumed.get());
            } else {
                opening.describe(log, dataset);
                if (plan.initialWeights().isPresent()) {
                    trainer.importWeights(plan.initialWeights().get());
                }
            }
            long stepsBefore = resumed.map(Checkpoint::steps).orElse(0L);
            var input = new InputMeter(dataset, data.directory(), world);
            profiler.ifPresent(RunProfiler::begin);
            StepObserver observer = profiler.isPresent() ? profiler.get() : StepObserver.none();
            Optional<Logging> logging = workload.logging(plan.settings());
            var stepLog = new StepLog(logging, world, clock, log);
            var loop = new TrainingLoop<>(
                    trainer,
                    dataset,
                    world,
                    clock,
                    console,
                    input,
                    observer,
                    stop,
                    stepLog,
                    plan.maxSteps(),
                    stepsBefore);
            Outcome outcome = new EpochRunner<>(
                            spec, logging, trainer, loop, state, checkpoints, stop, clock, log, console)
                    .trainToTarget();
            if (loop.stepsUsedUp()) {
                state.note("stopped by --max-steps " + plan.maxSteps());
            }
            noteInput();
            long runStopMillis = log.end("run_stop", Map.of("status", outcome.status()));
            watched.end();
            clock.enter(RunClock.Stage.REPORT);
            RunRecords.Totals totals = records.total(clock, nodes, loop.ownSecondsPerStep());
            boolean inBatchJob = System.getenv("SLURM_JOB_ID") != null;
            new SlowNodes(totals.ranks()).lines(inBatchJob).forEach(line -> console.say("%s", line));
            Optional<Profile> profile =
                    profiler.isPresent() ? profile(profiler.get(), trainer, dataset) : Optional.empty();
            return new Trained(outcome, runStopMillis, totals, profile);
        }
    }

    private Optional<RunProfiler> newProfiler() {
        RunPlan.Measuring measuring = plan.measuring();
        return measuring.profile()
                ? Optional.of(new RunProfiler(
                        world,
                        workload.stepWork(plan.settings(), world.size()),
                        clock::seconds,
                        plan.threads(),
                        measuring.storageLimit()))
                : Optional.empty();
    }

    /** After the timed run, which it must not disturb. Collective. */
    private Optional<Profile> profile(RunProfiler profiler, Trainer<B> trainer, Dataset<B> dataset) throws IOException {
        clock.enter(RunClock.Stage.PROFILE);
        Optional<Long> saved = resumed.isPresent() ? Optional.empty() : Optional.of(checkpoints.writtenBytes());
        return profiler.profile(state.epochs().size(), saved, trainer, dataset);
    }

    private StagedData stage(RunLog log) throws IOException {
        if (resumed.isEmpty()) {
            log.start("staging_start", Map.of());
        }
        StagingRequest request = plan.staging().forRun(spec.maxEpochs(), workload.readsNodeShards(), plan.threads());
        return StagedData.stage(plan.data(), request, world, console, new ProcessStorage());
    }

    private void noteStaging(RunLog log, StagedData data) throws IOException {
        if (resumed.isEmpty()) {
            log.end("staging_stop", Map.of());
        }
        staging = Optional.of(data.record());
        data.notes().forEach(state::note);
    }

    private void restore(RunLog log, Trainer<B> trainer, Checkpoint checkpoint) throws IOException {
        checkpoints.load(checkpoint, trainer);
        RunRecord.Interruption gap = state.restore(checkpoint, instants.instant());
        if (world.rank() < checkpoint.phases().size()) {
            clock.add(checkpoint.phases().get(world.rank()));
        }
        log.resumed(gap);
        console.say("resuming after %s, saved %s ago", checkpoint.position(), Console.duration(gap.seconds()));
    }

    private void noteInput() {
        LoaderAdvice.of(state.epochs()).ifPresent(this::remark);
        state.epochs().stream().findFirst().flatMap(RunRecord.Epoch::input).ifPresent(input -> input.deviceBytes()
                .filter(devices -> DeviceReads.isCached(devices, input.bytes()))
                .ifPresent(devices -> state.note(DeviceReads.note("the first epoch", devices, input.bytes()))));
    }
}
