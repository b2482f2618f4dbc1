package org.mlhpc.slurm.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mlhpc.slurm.campaign.Campaign.Dependency;
import org.mlhpc.slurm.campaign.Campaign.Job;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.Directives.Shape;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.script.Template;
import org.mlhpc.slurm.site.Site;
import org.mlhpc.slurm.site.SlurmTime;

/**
 * The jobs that a campaign still needs: data, stage, a training job for each size with unfinished runs, collect, package. What is
 * done already has no job.
 */
final class JobPlan {
    private static final String OK = "afterok";
    private static final String ANY = "afterany";
    private static final String WHEN_FAILED = "FAIL";
    private static final String WHEN_ENDED = "END,FAIL";
    private static final SlurmTime SHORT = SlurmTime.parse("time", "30");

    private final Site site;
    private final CampaignRequest request;
    private final Directives directives;
    private final JobSettings settings;

    JobPlan(Site site, CampaignRequest request) {
        this.site = site;
        this.request = request;
        this.directives = new Directives(site, request);
        this.settings = new JobSettings(site, request.home());
    }

    /** In the order of submission; empty if all runs are finished. */
    List<PlannedJob> jobs() {
        var preparing = preparing();
        var jobs = new ArrayList<>(preparing);
        List<Dependency> prepared = preparing.isEmpty()
                ? List.of()
                : List.of(new Dependency(
                        OK, preparing.get(preparing.size() - 1).job().name()));
        var training = new ArrayList<Dependency>();
        for (Point point : request.points()) {
            List<Integer> unfinished = Runs.unfinished(request.out(), point, request.runs());
            if (!unfinished.isEmpty()) {
                PlannedJob job = training(point, unfinished, prepared);
                jobs.add(job);
                training.add(new Dependency(ANY, job.job().name()));
            }
        }
        if (training.isEmpty()) {
            return List.of();
        }
        jobs.add(small("collect", training, WHEN_ENDED, Map.of("OUT", quoted(request.out()))));
        request.packaging()
                .ifPresent(packaging -> jobs.add(small(
                        "package",
                        List.of(new Dependency(OK, "collect")),
                        WHEN_ENDED,
                        Map.of("PACKAGES", packages(packaging)))));
        return List.copyOf(jobs);
    }

    private List<PlannedJob> preparing() {
        var jobs = new ArrayList<PlannedJob>();
        CampaignRequest.Data data = request.data();
        boolean generates = data.given().isEmpty() && !Files.exists(data.source(request.out()));
        if (generates) {
            var values =
                    Map.of("DATA", quoted(data.source(request.out())), "GENERATE", BatchText.quoted(data.generate()));
            jobs.add(wholeNode("data", List.of(), values));
        }
        data.prestage().ifPresent(destination -> {
            var values = Map.of("SOURCE", quoted(data.source(request.out())), "DESTINATION", quoted(destination));
            jobs.add(wholeNode("stage", generates ? List.of(new Dependency(OK, "data")) : List.of(), values));
        });
        return jobs;
    }

    private PlannedJob training(Point point, List<Integer> unfinished, List<Dependency> after) {
        boolean throughput = request.training().metric() == Campaign.Metric.THROUGHPUT;
        String name = "train-" + point.name();
        CampaignRequest.Limit limit = request.limits().get(point.name());
        if (limit == null) {
            throw new IllegalArgumentException("no time limit for " + point.name());
        }
        Optional<String> array = throughput
                ? Optional.empty()
                : Optional.of(Runs.array(unfinished, request.queueing().atOnce()));
        var shape = new Shape(
                point.nodesOfJob() + request.queueing().spareNodes(),
                point.ranksPerNode(),
                cpus(point.ranksPerNode()),
                true,
                array,
                limit.time(),
                WHEN_FAILED);
        var values = new HashMap<>(Map.of(
                "DIRECTIVES", directives.text(name, shape),
                "WHAT", what(point),
                "LIMIT", limit.why(),
                "SETTINGS", settings.text(point.ranksPerNode()),
                "POINT", quoted(request.out().resolve(point.name())),
                "PREFLIGHT", preflight(point),
                "RUN", run(point)));
        if (throughput) {
            values.putAll(Map.of("INSTANCES", "" + point.instances(), "NODES", "" + point.nodes()));
        }
        String text = Template.named(throughput ? "throughput.sbatch" : "train.sbatch")
                .filled(values);
        return new PlannedJob(new Job(name, Optional.of(point.name()), List.of(), array, after, script(name)), text);
    }

    private String what(Point point) {
        String what = request.training().workload() + " " + request.training().configuration() + ", ";
        String size = point.nodes() + (point.nodes() == 1 ? " node" : " nodes") + " of " + point.ranksPerNode()
                + (point.ranksPerNode() == 1 ? " rank" : " ranks");
        return what + (point.instances() == 1 ? size : point.instances() + " instances on " + size);
    }

    private String preflight(Point point) {
        var words = new ArrayList<String>();
        words.add("--nodes-needed " + point.nodesOfJob() + " --clock-seconds 2");
        // As much as the Java heaps of a node may take: less is left only if something else is still there.
        site.node().memoryBytes().ifPresent(bytes -> words.add("--needs-memory " + bytes / 2));
        request.training().stageTo().ifPresent(folder -> {
            words.add("--node-local " + BatchText.expanding(folder));
            request.data().bytes().ifPresent(bytes -> words.add("--needs-space " + bytes));
        });
        words.add("--reads \"$home/mlhpc\" --reads " + quoted(request.data().read(request.out())));
        site.fabric().ifPresent(fabric -> words.add("--fabric " + fabric));
        return String.join(" \\\n    ", words);
    }

    private String run(Point point) {
        String words = "run " + BatchText.quoted(request.runArguments());
        int ranks = point.nodes() * point.ranksPerNode();
        String stage = request.training()
                .stageTo()
                .map(folder -> " --stage-to " + BatchText.expanding(folder))
                .orElse("");
        return words + stage + " --ranks " + ranks;
    }

    private String packages(CampaignRequest.Packaging packaging) {
        String metric = request.training().metric().word();
        return request.points().stream()
                .map(point ->
                        "[[ -e %2$s ]] || \"$home/mlhpc\" package %1$s --org %3$s --system %4$s --metric %5$s --out %2$s || status=1"
                                .formatted(
                                        quoted(request.out().resolve("results").resolve(point.name())),
                                        quoted(request.out().resolve("package").resolve(point.name())),
                                        BatchText.quoted(packaging.organisation()),
                                        quoted(packaging.system()),
                                        metric))
                .collect(Collectors.joining("\n"));
    }

    private PlannedJob wholeNode(String name, List<Dependency> after, Map<String, String> values) {
        var shape = new Shape(1, 1, cpus(1), true, Optional.empty(), request.longest(), WHEN_FAILED);
        return of(name, shape, after, values);
    }

    private PlannedJob small(String name, List<Dependency> after, String mail, Map<String, String> values) {
        SlurmTime time = site.timeLimit().map(SHORT::atMost).orElse(SHORT);
        var shape = new Shape(1, 1, Optional.empty(), false, Optional.empty(), time, mail);
        return of(name, shape, after, values);
    }

    private PlannedJob of(String name, Shape shape, List<Dependency> after, Map<String, String> values) {
        var all = new HashMap<>(values);
        all.put("DIRECTIVES", directives.text(name, shape));
        all.put("SETTINGS", settings.text());
        String text = Template.named(name + ".sbatch").filled(all);
        return new PlannedJob(new Job(name, Optional.empty(), List.of(), Optional.empty(), after, script(name)), text);
    }

    private Optional<Integer> cpus(int ranks) {
        var cores = site.node().coresPerRank(ranks);
        return cores.isEmpty()
                ? Optional.empty()
                : Optional.of(cores.getAsInt() * site.node().threadsPerCore());
    }

    private static String script(String name) {
        return "jobs/" + name + ".sbatch";
    }

    private static String quoted(Path path) {
        return BatchText.quoted(path.toString());
    }
}
