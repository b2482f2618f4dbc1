package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.mlhpc.harness.RunPlan;
import org.mlhpc.slurm.campaign.Campaign.Metric;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.CampaignRequest;
import org.mlhpc.slurm.campaign.Submission;
import org.mlhpc.slurm.site.Site;
import org.mlhpc.slurm.site.SiteFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a campaign needs to know. */
final class SlurmCampaignOptions {
    @Mixin
    private SlurmTrainingOptions training = new SlurmTrainingOptions();

    @Mixin
    private SlurmTimeOptions time = new SlurmTimeOptions();

    @Option(
            names = "--nodes",
            paramLabel = "LIST",
            converter = Counts.Reader.class,
            description =
                    "Nodes of each run; several, such as 1,2,4,8 or 1..64, are a scaling sweep; default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private Counts nodes = new Counts(List.of());

    @Option(
            names = "--instances",
            paramLabel = "M",
            description = "Throughput: so many runs at the same time in one job, each on --nodes nodes.")
    private @Nullable Integer instances;

    @Option(
            names = "--runs",
            paramLabel = "R",
            description = "Runs of each size, with seeds counting up, as tasks of a job array; default: 1.")
    private @Nullable Integer runs;

    @Option(
            names = "--ranks-per-node",
            paramLabel = "N",
            description =
                    "Default: one for each GPU, without GPUs one for each socket, as the site file says; 1 without one.")
    private @Nullable Integer ranksPerNode;

    @Option(
            names = "--at-once",
            paramLabel = "K",
            description = "Runs of a size that go on at the same time; default: all.")
    private @Nullable Integer atOnce;

    @Option(
            names = "--spare",
            paramLabel = "K",
            description = "Nodes beyond those needed, in case some are broken; default: spare-nodes of the site file.")
    private @Nullable Integer spare;

    @Option(names = "--exclude", paramLabel = "NODES", description = "Nodes not to use, such as n[3,7-9].")
    private @Nullable String exclude;

    @Option(names = "--begin", paramLabel = "TIME", description = "Not before this time, such as 20:00 or now+2hours.")
    private @Nullable String begin;

    @Option(names = "--mail", paramLabel = "ADDRESS", description = "Write when a job fails and when all are done.")
    private @Nullable String mail;

    @Option(names = "--after", paramLabel = "JOBID", description = "Wait for this job to end.")
    private @Nullable String after;

    @Option(
            names = "--system",
            paramLabel = "FILE",
            description = "With --org: make a submission of the results; from ./mlhpc system describe.")
    private @Nullable Path system;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the campaign, which all nodes see.",
            required = true)
    private Path out = Path.of("");

    @Option(names = "--site", paramLabel = "FILE", description = "What this cluster asks for, from ./mlhpc slurm init.")
    private @Nullable Path site;

    @Option(names = "--node-type", paramLabel = "TYPE", description = "Which of the site file's kinds of nodes.")
    private @Nullable String nodeType;

    /** The submission that follows, which nothing is written of yet. */
    Submission submission(List<String> command) throws IOException {
        Site asked = site();
        var metric = instances == null ? Metric.TIME_TO_TRAIN : Metric.THROUGHPUT;
        List<Point> points = points(asked);
        Map<String, CampaignRequest.Limit> limits = time.limits(training, points, asked);
        var request = new CampaignRequest(
                training.training(metric, points, asked),
                runs(),
                points,
                limits,
                training.source(),
                queueing(asked),
                packaging(),
                out.toAbsolutePath().normalize(),
                Path.of(System.getProperty("mlhpc.home", ".")).toAbsolutePath().normalize());
        Optional<String> siteFile =
                Optional.ofNullable(site).map(file -> file.toAbsolutePath().toString());
        return Submission.of(request, asked, siteFile, command, Instant.now());
    }

    private Site site() throws IOException {
        if (site == null && nodeType != null) {
            throw new IllegalArgumentException("--node-type needs a --site that describes kinds of nodes");
        }
        return site == null ? Site.plain() : SiteFile.read(site, Optional.ofNullable(nodeType));
    }

    private List<Point> points(Site asked) {
        int ranks = ranksPerNode == null ? asked.node().defaultRanks() : ranksPerNode;
        return nodes.values().stream()
                .map(count ->
                        instances == null ? Point.single(count, ranks) : Point.throughput(instances, count, ranks))
                .toList();
    }

    private int runs() {
        if (instances != null && runs != null) {
            throw new IllegalArgumentException("--runs and --instances exclude each other: every instance is a run");
        }
        return instances != null ? instances : runs != null ? runs : 1;
    }

    private CampaignRequest.Queueing queueing(Site asked) {
        var options = new ArrayList<String>();
        if (exclude != null) {
            options.add("--exclude=" + exclude);
        }
        if (begin != null) {
            options.add("--begin=" + begin);
        }
        return new CampaignRequest.Queueing(
                atOnce == null ? OptionalInt.empty() : OptionalInt.of(atOnce),
                spare == null ? asked.spareNodes() : spare,
                options,
                Optional.ofNullable(mail),
                Optional.ofNullable(after));
    }

    private Optional<CampaignRequest.Packaging> packaging() throws IOException {
        if (system == null) {
            return Optional.empty();
        }
        if (training.organisation().equals(RunPlan.Submission.UNKNOWN)) {
            throw new IllegalArgumentException("--system is for a submission: say --org NAME, too");
        }
        if (!Files.isReadable(system)) {
            throw new IOException(system + " cannot be read: write it with ./mlhpc system describe --out " + system);
        }
        return Optional.of(new CampaignRequest.Packaging(training.organisation(), system.toAbsolutePath()));
    }
}
