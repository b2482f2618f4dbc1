package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.RunPlan;
import org.mlhpc.results.report.Ceilings;
import org.mlhpc.staging.StagingRequest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a user may say about runs. */
final class RunOptions {
    private static final String RUN = "{run}";

    @Mixin
    private WorkloadOptions workload;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            description =
                    "Processes to train with; default: the tasks of the batch job, or else 2 where there are 2 processors.")
    private int ranks = 1;

    @Option(names = "--data", paramLabel = "DIR", description = "Data set; synthetic data are generated without it.")
    private @Nullable Path data;

    @Option(
            names = "--stage-to",
            paramLabel = "DIR",
            description =
                    "Stage the data to this folder of each node; {node} in it stands for the number of the node, {run} for"
                            + " that of the run.")
    private @Nullable Path stageTo;

    @Mixin
    private StagingOptions staging;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to write; default: a new folder in runs/ of the current one.")
    private @Nullable Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of weights, shuffling and dropout (of the first run); default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private long seed;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Number of runs, with seeds counting up; default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int runs;

    @Option(
            names = "--run-index",
            paramLabel = "I",
            description =
                    "Only run number I of several, from 0: it writes result_I.txt and its seed is that of --seed + I;"
                            + " for array jobs.")
    private @Nullable Integer runIndex;

    @Option(
            names = "--max-steps",
            paramLabel = "N",
            description = "Stop after this many training steps; default: none.")
    private long maxSteps;

    @Option(
            names = "--resume",
            description =
                    "Go on with an interrupted run in --out. A file stop_<i> there asks run i to save its state after the"
                            + " step at hand and to end with exit code 3.")
    private boolean resume;

    @Option(
            names = "--watchdog",
            paramLabel = "MINUTES",
            description =
                    "End the job when training or evaluation has not got on for so long, and say which rank stands where;"
                            + " 0: never. Default: ${DEFAULT-VALUE}.",
            defaultValue = "30")
    private double watchdogMinutes;

    @Option(names = "--init-weights", paramLabel = "FILE", description = "Start from these weights (Safetensors).")
    private @Nullable Path initialWeights;

    @Option(names = "--drop-caches", description = "Drop the page cache before the run, where this is allowed.")
    private boolean dropCaches;

    @Option(
            names = "--profile",
            description = "Record time, FLOP and bytes of each phase and operator; see docs/roofline.md.")
    private boolean profile;

    @Mixin
    private CeilingOptions against = new CeilingOptions();

    private Optional<Ceilings> ceilings = Optional.empty();

    @Option(
            names = "--limit-storage",
            paramLabel = "RATE",
            converter = Rate.class,
            description = "For trials: the loaders of a node together read no faster than this, such as 50MB/s.")
    private @Nullable Double storageLimit;

    @Mixin
    private SubmissionOptions submission;

    Workload<?> workload() {
        return workload.workload();
    }

    String configuration() {
        return workload.configuration();
    }

    Settings settings() {
        return workload.settings();
    }

    int ranks() {
        return ranks;
    }

    Optional<Path> data() {
        return Optional.ofNullable(data);
    }

    /** Whether the data may come from elsewhere than their place. */
    boolean stages() {
        return stageTo != null || staging.asksForStrategy();
    }

    /** How the data of run number {@code index} come to the nodes. */
    StagingRequest staging(int index) throws IOException {
        return staging.request(
                stageTo == null ? null : Path.of(stageTo.toString().replace(RUN, Integer.toString(index))));
    }

    Optional<Path> out() {
        return Optional.ofNullable(out);
    }

    /** The runs to do, by number. */
    List<Integer> indices() {
        return runIndex == null ? IntStream.range(0, runs).boxed().toList() : List.of(runIndex);
    }

    /** A data set says in its manifest from which seed it was generated. */
    boolean isSynthetic() throws IOException {
        return data == null
                || (Files.exists(data.resolve(Manifest.FILE_NAME))
                        && Manifest.read(data).properties().containsKey("seed"));
    }

    boolean resume() {
        return resume;
    }

    /**
     * Checks what does not depend on other ranks, before anything is begun, and reads the ceilings.
     *
     * @param writesReport whether this rank writes the report, the only one that needs the ceilings
     * @throws IllegalArgumentException if an option has a wrong value; the message names it
     * @throws IOException if a file or folder is not there; the message names it
     */
    void check(boolean writesReport) throws IOException {
        if (runs < 1) {
            throw new IllegalArgumentException("--runs=" + runs + " must be at least 1");
        }
        if (runIndex != null && (runIndex < 0 || runs > 1)) {
            throw new IllegalArgumentException(
                    runs > 1
                            ? "--run-index " + runIndex + " is one run: leave --runs out"
                            : "--run-index=" + runIndex + " must not be negative");
        }
        if (maxSteps < 0) {
            throw new IllegalArgumentException("--max-steps=" + maxSteps + " must not be negative");
        }
        if (!(watchdogMinutes >= 0)) {
            throw new IllegalArgumentException("--watchdog=" + watchdogMinutes + " must not be negative");
        }
        if (resume && out == null) {
            throw new IllegalArgumentException("--resume needs the --out of the interrupted run");
        }
        submission.submission();
        if (against.given().isPresent() && !profile) {
            throw new IllegalArgumentException(
                    against.given().get() + " is for the report of a profile: add --profile");
        }
        against.check();
        if (writesReport) {
            ceilings = against.readFor(workload(), settings());
        }
        if (data != null && !Files.isDirectory(data)) {
            throw new IOException(data + " is not a directory: point --data at a data set that every node can read");
        }
        if (initialWeights != null && !Files.isReadable(initialWeights)) {
            throw new IOException(initialWeights + " cannot be read: point --init-weights at a Safetensors file");
        }
    }

    /**
     * Run number {@code index} of the campaign.
     *
     * @param source the data set
     * @param synthetic whether it was generated, by what rank 0 sees: folders of the same name may differ between nodes
     * @param command the command line, for the record
     */
    RunPlan plan(int index, Path folder, Path source, boolean synthetic, int threads, List<String> command)
            throws IOException {
        return new RunPlan(
                workload(),
                configuration(),
                settings(),
                seed + index,
                index,
                folder,
                source,
                synthetic,
                staging(index),
                maxSteps,
                resume,
                Optional.ofNullable(initialWeights),
                dropCaches,
                threads,
                watchdogMinutes,
                new RunPlan.Measuring(profile, Optional.ofNullable(storageLimit), ceilings),
                submission.submission(),
                command);
    }
}
