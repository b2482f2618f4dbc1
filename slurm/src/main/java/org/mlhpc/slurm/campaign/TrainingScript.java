package org.mlhpc.slurm.campaign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mlhpc.slurm.campaign.Campaign.Metric;
import org.mlhpc.slurm.campaign.Campaign.Point;
import org.mlhpc.slurm.campaign.Directives.Shape;
import org.mlhpc.slurm.script.BatchText;
import org.mlhpc.slurm.script.Template;
import org.mlhpc.slurm.site.Site;

/** The script of the job that trains one size. */
record TrainingScript(Site site, CampaignRequest request, Point point) {
    /** @param array indices of the runs; empty for instances of one job */
    String text(String name, Optional<String> array) {
        CampaignRequest.Limit limit = request.limit(point);
        var shape = new Shape(
                point.nodesOfJob() + request.queueing().spareNodes(),
                point.ranksPerNode(),
                site.node().processors(point.ranksPerNode()),
                true,
                true,
                array,
                limit.time(),
                Directives.WHEN_FAILED);
        var values = new HashMap<String, String>();
        values.put("DIRECTIVES", directives(name, shape));
        values.put("WHAT", what());
        values.put("LIMIT", limit.why());
        var settings = new JobSettings(site, request.home());
        values.put("OWN", settings.ownOfRanks());
        values.put("SETTINGS", String.join("\n", settings(settings)));
        values.put("POINT", BatchText.quoted(request.out().resolve(point.name()).toString()));
        values.put("PREFLIGHT", preflight());
        values.put("RUN", run());
        if (request.training().metric() == Metric.THROUGHPUT) {
            values.put("INSTANCES", Integer.toString(point.instances()));
            values.put("NODES", Integer.toString(point.nodes()));
            return Template.named("throughput.sbatch").filled(values);
        }
        return Template.named("train.sbatch").filled(values);
    }

    private List<String> settings(JobSettings settings) {
        var lines = new ArrayList<>(List.of(settings.text(point.ranksPerNode())));
        request.training().stageTo().ifPresent(folder -> lines.addAll(BatchText.requiring(folder)));
        return lines;
    }

    private String directives(String name, Shape shape) {
        var lines = new ArrayList<>(List.of(new Directives(site, request).text(name, shape)));
        lines.addAll(site.burstBuffer());
        return String.join("\n", lines);
    }

    private String what() {
        String size = count(point.nodes(), "node") + " with " + count(point.ranksPerNode(), "rank") + " each";
        return request.training().workload() + " " + request.training().configuration() + ", "
                + (request.training().metric() == Metric.THROUGHPUT
                        ? count(point.instances(), "instance") + " of " + size
                        : size);
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private String preflight() {
        var words = new ArrayList<>(
                List.of("--nodes-needed", Integer.toString(point.nodesOfJob()), "--clock-seconds", "2"));
        // As much as the Java heaps of a node may take: less is free only if something else is still there.
        site.node().memoryBytes().ifPresent(bytes -> words.addAll(List.of("--needs-memory", Long.toString(bytes / 2))));
        request.training().stageTo().ifPresent(folder -> {
            words.addAll(List.of("--node-local", BatchText.expanding(common(folder))));
            request.data().bytes().ifPresent(bytes -> words.addAll(List.of("--needs-space", Long.toString(bytes))));
        });
        words.addAll(List.of("--reads", "\"$home/mlhpc\"", "--reads", BatchText.quoted(request.dataOfRuns())));
        site.fabric().ifPresent(fabric -> words.addAll(List.of("--fabric", fabric)));
        return BatchText.wrapped(words);
    }

    /** The part of a folder that does not depend on run and node. */
    private static String common(String folder) {
        String above = folder.replaceFirst("(?s)/[^/]*\\{(node|run)}.*", "");
        return above.isEmpty() ? "/" : above;
    }

    private String run() {
        int ranks = point.nodes() * point.ranksPerNode();
        Stream<String> asked = request.runArgumentsWithoutStaging().stream().map(BatchText::quoted);
        Stream<String> staging = request.training().stageTo().stream()
                .flatMap(folder -> Stream.of("--stage-to", BatchText.expanding(folder)));
        Stream<String> size = Stream.of("--ranks", Integer.toString(ranks));
        var words = new ArrayList<>(List.of("run"));
        Stream.of(asked, staging, size).flatMap(part -> part).forEach(words::add);
        return BatchText.wrapped(words);
    }
}
