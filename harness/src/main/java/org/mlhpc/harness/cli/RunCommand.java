package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mlhpc.api.Batch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.harness.Compliance;
import org.mlhpc.harness.Console;
import org.mlhpc.harness.Outcome;
import org.mlhpc.harness.RefusedByAll;
import org.mlhpc.harness.RunClock;
import org.mlhpc.harness.RunFiles;
import org.mlhpc.harness.RunPlan;
import org.mlhpc.harness.RunStopped;
import org.mlhpc.harness.TrainingRun;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.staging.files.Together;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job: trains a workload to its target and writes log and record. */
@Command(name = "run", description = "Trains a workload to its target quality and writes log and record.")
final class RunCommand implements Callable<Integer> {
    private static final DateTimeFormatter FOLDER_TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    private static final double GIGA = 1e9;
    private static final long NANOSECONDS_PER_MILLISECOND = 1_000_000;

    private final Job job;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(
            names = "--dry-run",
            description = "Say what would be done; with --stage-to, also how the data would be staged.")
    private boolean dryRun;

    RunCommand(Job job) {
        this.job = job;
    }

    @Override
    public Integer call() throws IOException {
        Workload<?> workload = options.workload();
        Settings settings = options.settings();
        WorkloadSpec facts = workload.spec(settings);
        options.check(job.launchedRank() == 0);
        if (dryRun) {
            return dryRun(workload, facts);
        }
        Communicator world = job.world();
        Console console = Consoles.forThisProcess(world.rank() != 0);
        boolean synthetic = isSynthetic(world);
        requirePossible(world.size(), synthetic);
        console.say(describe(workload, facts, world.size()));
        Path folder = prepareFolder(workload, world);
        requireStartable(world, folder);
        console.say("writing to %s", folder);
        Path source = options.data().isPresent()
                ? options.data().get()
                : DataCache.ofUser(System.getenv()).provide(workload, settings, world, console);
        boolean allReached = true;
        try {
            for (int index : options.indices()) {
                allReached &= run(workload, world, console, folder, source, synthetic, index);
            }
        } catch (RunStopped stopped) {
            return Main.ENVIRONMENT;
        }
        console.say("results in %s", folder);
        return allReached ? 0 : Main.FAILED;
    }

    private int dryRun(Workload<?> workload, WorkloadSpec facts) throws IOException {
        requirePossible(options.ranks(), options.isSynthetic());
        var lines = new ArrayList<>(List.of(describe(workload, facts, options.ranks())));
        if (options.stages()) {
            lines.addAll(StagingForecast.lines(options, workload, facts, threads(), job.world()));
        }
        if (job.launchedRank() == 0) {
            PrintWriter out = spec.commandLine().getOut();
            lines.forEach(out::println);
            out.flush();
        }
        return 0;
    }

    /**
     * The plan in the open division, if only that allows the data that rank 0 sees. Collective.
     *
     * @throws RefusedByAll if the closed division is asked for nevertheless
     */
    private RunPlan inPossibleDivision(RunPlan plan, Communicator world, Console console) throws IOException {
        if (!plan.division().equals(RunPlan.CLOSED)) {
            return plan;
        }
        String text = Together.on(
                world,
                "looking at " + plan.data(),
                () -> world.rank() == 0
                        ? String.join("\n", plan.workload().unclosed(plan.settings(), plan.data()))
                        : "");
        List<String> reasons = Together.broadcast(world, text).lines().toList();
        if (reasons.isEmpty()) {
            return plan;
        }
        console.say("not for the closed division: %s", String.join("; ", reasons));
        return plan.inOpenDivision(reasons);
    }

    /** Where the data are, and where the log goes, is of no interest to the rules. */
    private void requirePossible(int size, boolean synthetic) throws IOException {
        Compliance.requirePossible(options.plan(0, Path.of(""), Path.of(""), synthetic, threads(), List.of()), size);
    }

    /** By what rank 0 sees: others that see other data in a folder of their nodes would do something else. Collective. */
    private boolean isSynthetic(Communicator world) throws IOException {
        boolean own = Together.on(world, "looking at the data", () -> world.rank() == 0 && options.isSynthetic());
        return world.max(own ? 1 : 0) > 0;
    }

    private String describe(Workload<?> workload, WorkloadSpec facts, int size) {
        return String.format(
                Locale.ROOT,
                "%s %s, %s x %s, %,d parameters, %.4g GFLOP per training sample, target %s",
                workload.name(),
                options.configuration(),
                Console.count(size, "rank"),
                Console.count(threads(), "thread"),
                facts.parameters(),
                facts.trainFlopPerSample() / GIGA,
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
        String name = workload.name() + "-" + options.configuration() + "-" + time;
        Path folder = options.out().orElse(Path.of("runs", name));
        if (world.rank() == 0) {
            createWritable(folder);
        }
        world.barrier();
        return folder.toAbsolutePath();
    }

    private static void createWritable(Path folder) throws IOException {
        try {
            Files.createDirectories(folder);
            // Asking for permission is not enough: the superuser has it on file systems that are read-only.
            Files.delete(Files.createTempFile(folder, "writable", ".partial"));
        } catch (IOException e) {
            throw new IOException(
                    "cannot write to " + folder + ": choose another --out (" + FileErrors.message(e) + ")", e);
        }
    }

    /** Refuses to write over what is there already, before time is spent on data. Collective. */
    private void requireStartable(Communicator world, Path folder) throws IOException {
        List<Integer> indices = options.indices();
        for (int index : indices) {
            var files = new RunFiles(folder, index);
            if (indices.size() == 1 && !options.resume() && exists(world, files.log())) {
                throw new RefusedByAll(files.log() + " exists already: choose another --out");
            }
            if (!options.resume() && exists(world, files.growingLog())) {
                throw new RefusedByAll(
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
            Communicator world,
            Console console,
            Path folder,
            Path source,
            boolean synthetic,
            int index)
            throws IOException {
        var files = new RunFiles(folder, index);
        if (exists(world, files.log())) {
            console.say("run %d is finished already: %s", index, files.log());
            return world.max(world.rank() == 0 && reachedTarget(files) ? 1 : 0) > 0;
        }
        List<String> command = List.copyOf(spec.commandLine().getParseResult().originalArgs());
        RunPlan plan = options.plan(index, folder, source, synthetic, threads(), command);
        return train(inPossibleDivision(plan, world, console), workload, world, console);
    }

    private static boolean reachedTarget(RunFiles files) throws IOException {
        return RunRecordFile.read(files.record()).status().equals("success");
    }

    private <B extends Batch> boolean train(RunPlan plan, Workload<B> workload, Communicator world, Console console)
            throws IOException {
        var clock =
                new RunClock(System::nanoTime, plan.index() == options.indices().get(0) ? sinceProcessStartNanos() : 0);
        var run = new TrainingRun<>(plan, workload, world, job.messagePassing(), clock, console, Clock.systemUTC());
        Outcome outcome = run.execute();
        boolean reached = outcome instanceof Outcome.Converged;
        console.say(
                "target %s after %s, quality %.4f (unverified)",
                reached ? "reached" : "missed", Console.count(outcome.epochs(), "epoch"), outcome.quality());
        return reached;
    }

    private static long sinceProcessStartNanos() {
        long millis = System.currentTimeMillis()
                - java.lang.management.ManagementFactory.getRuntimeMXBean().getStartTime();
        return millis * NANOSECONDS_PER_MILLISECOND;
    }
}
