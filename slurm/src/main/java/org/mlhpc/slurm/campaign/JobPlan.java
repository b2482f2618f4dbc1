package org.mlhpc.slurm.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
        jobs.add(small("collect", training, Directives.WHEN_ENDED, Map.of("OUT", quoted(request.out()))));
        request.packaging()
                .ifPresent(packaging -> jobs.add(small(
                        "package",
                        List.of(new Dependency(ANY, "collect")),
                        Directives.WHEN_ENDED,
                        packages(packaging))));
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
        Optional<String> array = throughput
                ? Optional.empty()
                : Optional.of(Runs.array(unfinished, request.queueing().atOnce()));
        String name = "train-" + point.name();
        String text = new TrainingScript(site, request, point).text(name, array);
        return new PlannedJob(new Job(name, Optional.of(point.name()), List.of(), array, after, script(name)), text);
    }

    private Map<String, String> packages(CampaignRequest.Packaging packaging) {
        return Map.of(
                "OUT", quoted(request.out()),
                "SIZES", request.points().stream().map(Point::name).collect(Collectors.joining(" ")),
                "ORGANISATION", BatchText.quoted(packaging.organisation()),
                "SYSTEM", quoted(packaging.system()),
                "METRIC", request.training().metric().word());
    }

    private PlannedJob wholeNode(String name, List<Dependency> after, Map<String, String> values) {
        var shape = new Shape(
                1,
                1,
                site.node().processors(1),
                true,
                false,
                Optional.empty(),
                request.longest(),
                Directives.WHEN_FAILED);
        return of(name, shape, after, values);
    }

    private PlannedJob small(String name, List<Dependency> after, String mail, Map<String, String> values) {
        SlurmTime time = site.timeLimit().map(SHORT::atMost).orElse(SHORT);
        var shape = new Shape(1, 1, OptionalInt.empty(), false, false, Optional.empty(), time, mail);
        return of(name, shape, after, values);
    }

    private PlannedJob of(String name, Shape shape, List<Dependency> after, Map<String, String> values) {
        var all = new HashMap<>(values);
        all.put("DIRECTIVES", directives.text(name, shape));
        all.put("OWN", settings.own());
        all.put("SETTINGS", settings.text());
        String text = Template.named(name + ".sbatch").filled(all);
        return new PlannedJob(new Job(name, Optional.empty(), List.of(), Optional.empty(), after, script(name)), text);
    }

    private static String script(String name) {
        return "jobs/" + name + ".sbatch";
    }

    private static String quoted(Path path) {
        return BatchText.quoted(path.toString());
    }
}
