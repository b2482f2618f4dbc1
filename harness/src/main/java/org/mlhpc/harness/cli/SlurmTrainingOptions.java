package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Manifest;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.Compliance;
import org.mlhpc.slurm.campaign.Campaign.Metric;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignRequest;
import org.mlhpc.slurm.site.Site;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the runs of a campaign do. */
final class SlurmTrainingOptions {
    /** Options of run that the campaign itself gives. */
    private static final Set<String> OWN = Set.of(
            "--ranks", "--out", "--resume", "--run-index", "--runs", "--data", "--stage-to", "--seed", "--profile");

    @Mixin
    private WorkloadOptions workload = new WorkloadOptions();

    @Mixin
    private SubmissionOptions submission = new SubmissionOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data set that all nodes see; without it a first job generates synthetic data in OUT/data.")
    private @Nullable Path data;

    @Option(
            names = "--prestage",
            paramLabel = "DIR",
            description = "Copy the data to this folder of a faster shared file system first, in a job of its own.")
    private @Nullable Path prestage;

    @Option(
            names = "--stage-to",
            paramLabel = "DIR",
            description =
                    "Each run stages the data to this folder of each node; $NAME stands for a variable of the job, {node} and"
                            + " {run} for the numbers of node and run, where nodes or runs share the folder.")
    private @Nullable String stageTo;

    @Option(names = "--stage-local", description = "The same, to the folder that the site file names as node-local.")
    private boolean stageLocal;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the first run; those of the others count up; default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private long seed;

    @Option(names = "--profile", description = "Profile each run; see docs/roofline.md.")
    private boolean profile;

    @Parameters(
            index = "1..*",
            paramLabel = "RUN-OPTION",
            description = "After --: further options of ./mlhpc run, such as -- --strategy shard --verify.")
    private List<String> further = List.of();

    Workload<?> workload() {
        return workload.workload();
    }

    Settings settings() {
        return workload.settings();
    }

    String organisation() {
        return submission.organisation();
    }

    /**
     * What each run does. Whatever a run would refuse is refused here, not after hours in the queue.
     *
     * @throws IOException if a file or folder is not there; the message names it
     * @throws IllegalArgumentException if an option has a wrong value
     */
    CampaignRequest.Training training(Metric metric, List<Point> points, Site site) throws IOException {
        List<String> words = words();
        checkRun(words, points);
        return new CampaignRequest.Training(
                workload().name(),
                workload.configuration(),
                metric,
                workload().spec(settings()).target().toString(),
                words,
                stageTo(site));
    }

    private List<String> words() {
        var words = new ArrayList<String>();
        words.add(workload().name());
        words.addAll(List.of("--config", workload.configuration()));
        words.addAll(changes());
        if (seed != 0) {
            words.addAll(List.of("--seed", Long.toString(seed)));
        }
        if (profile) {
            words.add("--profile");
        }
        words.addAll(submission.arguments());
        words.addAll(further);
        return words;
    }

    private List<String> changes() {
        var words = new ArrayList<String>();
        Settings configured = workload().settings(workload.configuration());
        settings().asMap().forEach((key, value) -> {
            if (!value.equals(configured.get(key))) {
                words.addAll(List.of("--set", key + "=" + value));
            }
        });
        return words;
    }

    private void checkRun(List<String> words, List<Point> points) throws IOException {
        var asked = new ArrayList<>(words);
        data().ifPresent(folder -> asked.addAll(List.of("--data", folder.toString())));
        requireNotOwn(further);
        RunOptions run = parsed(asked);
        run.check(false);
        for (Point point : points) {
            int ranks = point.nodes() * point.ranksPerNode();
            requireDivisible(ranks);
            Compliance.requirePossible(run.plan(0, Path.of(""), Path.of(""), run.isSynthetic(), 1, List.of()), ranks);
        }
    }

    private void requireDivisible(int ranks) {
        long batch = batch();
        if (batch % ranks != 0) {
            throw new IllegalArgumentException("global_batch_size=" + batch + " cannot be divided among " + ranks
                    + " ranks: choose other --nodes or --ranks-per-node, or --set global_batch_size=N");
        }
    }

    /** Samples per step over all ranks. */
    long batch() {
        return Long.parseLong(settings().get(Settings.GLOBAL_BATCH_SIZE));
    }

    private static RunOptions parsed(List<String> words) {
        var run = new RunOptions();
        try {
            new CommandLine(run).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words.toArray(new String[0]));
        } catch (CommandLine.UnmatchedArgumentException e) {
            throw new IllegalArgumentException(
                    "./mlhpc run has no " + String.join(" ", e.getUnmatched()) + ", which the words after -- are for",
                    e);
        } catch (CommandLine.ParameterException e) {
            throw new IllegalArgumentException("options of the runs: " + e.getMessage(), e);
        }
        return run;
    }

    private static void requireNotOwn(List<String> further) {
        for (String word : further) {
            String name = word.replaceFirst("=.*", "");
            if (OWN.contains(name)) {
                throw new IllegalArgumentException(
                        name + " cannot stand after --: the campaign gives it to each run itself");
            }
        }
    }

    private Optional<String> stageTo(Site site) {
        if (stageLocal && stageTo != null) {
            throw new IllegalArgumentException("--stage-local and --stage-to exclude each other");
        }
        if (stageLocal && site.nodeLocal().isEmpty()) {
            throw new IllegalArgumentException(
                    "--stage-local needs node-local in the site file, or use --stage-to DIR");
        }
        if (stageTo != null && !stageTo.matches("(?s)[/$].+")) {
            throw new IllegalArgumentException(
                    "--stage-to=" + stageTo + " must be an absolute path, or begin with a variable of the job");
        }
        return stageLocal ? site.nodeLocal() : Optional.ofNullable(stageTo);
    }

    private Optional<Path> data() {
        return Optional.ofNullable(data).map(Path::toAbsolutePath);
    }

    CampaignRequest.Data source() throws IOException {
        var generate = new ArrayList<>(List.of(workload().name(), "--config", workload.configuration()));
        generate.addAll(changes());
        return new CampaignRequest.Data(
                data(), generate, Optional.ofNullable(prestage).map(Path::toAbsolutePath), bytes());
    }

    /** Only a manifest tells without reading the metadata of possibly a million files. */
    private OptionalLong bytes() throws IOException {
        if (data == null || !Files.exists(data.resolve(Manifest.FILE_NAME))) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Manifest.read(data).files().values().stream()
                .mapToLong(Manifest.Entry::bytes)
                .sum());
    }
}
