package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.harness.Console;
import org.mlhpc.harness.Outcome;
import org.mlhpc.harness.RunClock;
import org.mlhpc.harness.RunFiles;
import org.mlhpc.harness.RunPlan;
import org.mlhpc.harness.TrainingRun;
import org.mlhpc.results.RunRecordFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job: trains a workload to its target and writes log and record. */
@Command(name = "run", description = "Trains a workload to its target quality and writes log and record.")
final class RunCommand implements Callable<Integer> {
    private static final DateTimeFormatter FOLDER_TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    private final Job job;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WorkloadOptions options;

    @Option(names = "--ranks", paramLabel = "N", description = "Processes to train with; set by the launcher.")
    private int ranks = 1;

    @Option(names = "--data", paramLabel = "DIR", description = "Data set; synthetic data are generated without it.")
    private @Nullable Path data;

    @Option(
            names = "--stage-to",
            paramLabel = "DIR",
            description = "Stage the data to this folder of each node; {node} in it stands for the number of the node.")
    private @Nullable Path stageTo;

    @Mixin
    private StagingOptions staging;

    @Option(names = "--out", paramLabel = "DIR", description = "Where to write; default: a new folder in runs/.")
    private @Nullable Path out;

    @Option(
            names = "--seed",
            description = "Seed of weights, shuffling and dropout (of the first run).",
            defaultValue = "0")
    private long seed;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Number of runs, with seeds counting up.",
            defaultValue = "1")
    private int runs;

    @Option(names = "--max-steps", paramLabel = "N", description = "Stop after this many training steps.")
    private long maxSteps;

    @Option(names = "--resume", description = "Go on with an interrupted run in --out.")
    private boolean resume;

    @Option(names = "--init-weights", paramLabel = "FILE", description = "Start from these weights (Safetensors).")
    private @Nullable Path initialWeights;

    @Option(names = "--drop-caches", description = "Drop the page cache before the run, where this is allowed.")
    private boolean dropCaches;

    @Option(names = "--dry-run", description = "Say what would be done.")
    private boolean dryRun;

    @Option(names = "--org", description = "submission_org in the log.", defaultValue = "unknown")
    private String org = "";

    @Option(names = "--platform", description = "submission_platform in the log.", defaultValue = "unknown")
    private String platform = "";

    @Option(
            names = "--submission-status",
            description = "submission_status in the log: cloud, onprem, preview or research.",
            defaultValue = "research")
    private String submissionStatus = "";

    RunCommand(Job job) {
        this.job = job;
    }

    @Override
    public Integer call() throws IOException {
        Workload<?> workload = options.workload();
        Settings settings = options.settings();
        WorkloadSpec facts = workload.spec(settings);
        if (runs < 1) {
            throw new IllegalArgumentException("--runs=" + runs + " must be at least 1");
        }
        if (resume && out == null) {
            throw new IllegalArgumentException("--resume needs the --out of the interrupted run");
        }
        if (dryRun) {
            spec.commandLine().getOut().println(describe(workload, facts, ranks));
            return 0;
        }
        Communicator world = job.world();
        Console console = Consoles.forThisProcess(world.rank() != 0);
        console.say(describe(workload, facts, world.size()));
        requireDirectory(data);
        Path folder = prepareFolder(workload, world);
        requireStartable(world, folder);
        Path source =
                data != null ? data : DataCache.ofUser(System.getenv()).provide(workload, settings, world, console);
        boolean allReached = true;
        for (int index = 0; index < runs; index++) {
            allReached &= run(workload, settings, world, console, folder, source, index);
        }
        console.say("results in %s", folder);
        return allReached ? 0 : Main.FAILED;
    }

    private String describe(Workload<?> workload, WorkloadSpec facts, int size) {
        return String.format(
                Locale.ROOT,
                "%s %s, %d %s x %d %s, %,d parameters, %.4g GFLOP per training sample, target %s",
                workload.name(),
                options.configuration(),
                size,
                size == 1 ? "rank" : "ranks",
                threads(),
                threads() == 1 ? "thread" : "threads",
                facts.parameters(),
                facts.trainFlopPerSample() * 1e-9,
                facts.target());
    }

    private static int threads() {
        return Integer.getInteger("mlhpc.threads", 1);
    }

    /** All ranks use the folder that rank 0 names by its clock. */
    private Path prepareFolder(Workload<?> workload, Communicator world) throws IOException {
        double now = (double) Clock.systemUTC().instant().getEpochSecond();
        long second = (long) world.max(world.rank() == 0 ? now : 0);
        String time = FOLDER_TIME.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC));
        Path folder = out != null ? out : Path.of("runs", workload.name() + "-" + options.configuration() + "-" + time);
        if (world.rank() == 0) {
            Files.createDirectories(folder);
            if (!Files.isWritable(folder)) {
                throw new IOException(folder + " cannot be written to: choose another --out");
            }
        }
        world.barrier();
        return folder.toAbsolutePath();
    }

    /** A wrong folder is worth a message before the first log line, and before other data are generated. */
    private static void requireDirectory(@Nullable Path data) throws IOException {
        if (data != null && !Files.isDirectory(data)) {
            throw new IOException(data + " is not a directory: point --data at a data set that every node can read");
        }
    }

    /** Refuses to write over what is there already, before time is spent on data. Collective. */
    private void requireStartable(Communicator world, Path folder) throws IOException {
        for (int index = 0; index < runs; index++) {
            var files = new RunFiles(folder, index);
            if (runs == 1 && !resume && exists(world, files.log())) {
                throw new IllegalArgumentException(files.log() + " exists already: choose another --out");
            }
            if (!resume && exists(world, files.growingLog())) {
                throw new IllegalArgumentException(
                        files.growingLog() + " is of an interrupted run: go on with --resume, or choose another --out");
            }
        }
    }

    /** What rank 0 sees, on all ranks. Collective. */
    private static boolean exists(Communicator world, Path file) throws IOException {
        return world.max(world.rank() == 0 && Files.exists(file) ? 1 : 0) > 0;
    }

    /** Whether the target was reached, now or in an earlier start of the same campaign. */
    private boolean run(
            Workload<?> workload,
            Settings settings,
            Communicator world,
            Console console,
            Path folder,
            Path source,
            int index)
            throws IOException {
        var files = new RunFiles(folder, index);
        if (exists(world, files.log())) {
            console.say("run %d is finished already: %s", index, files.log());
            return world.max(world.rank() == 0 && reachedTarget(files) ? 1 : 0) > 0;
        }
        return train(plan(workload, settings, folder, source, index), workload, world, console);
    }

    private static boolean reachedTarget(RunFiles files) throws IOException {
        return RunRecordFile.read(files.record()).status().equals("success");
    }

    private RunPlan plan(Workload<?> workload, Settings settings, Path folder, Path source, int index)
            throws IOException {
        return new RunPlan(
                workload,
                options.configuration(),
                settings,
                seed + index,
                index,
                folder,
                source,
                data == null,
                staging.request(stageTo),
                maxSteps,
                resume,
                Optional.ofNullable(initialWeights),
                dropCaches,
                threads(),
                new RunPlan.Submission(org, platform, submissionStatus),
                List.copyOf(spec.commandLine().getParseResult().originalArgs()));
    }

    private <B extends Batch> boolean train(RunPlan plan, Workload<B> workload, Communicator world, Console console)
            throws IOException {
        var clock = new RunClock(System::nanoTime, plan.index() == 0 ? sinceProcessStartNanos() : 0);
        var run = new TrainingRun<>(plan, workload, world, job.messagePassing(), clock, console, Clock.systemUTC());
        Outcome outcome = run.execute();
        boolean reached = outcome instanceof Outcome.Converged;
        console.say(
                "%s after %d epochs, quality %.4f (unverified)",
                reached ? "target reached" : "target missed", outcome.epochs(), outcome.quality());
        return reached;
    }

    private static long sinceProcessStartNanos() {
        long millis = System.currentTimeMillis()
                - java.lang.management.ManagementFactory.getRuntimeMXBean().getStartTime();
        return millis * 1_000_000;
    }
}
