package org.mlhpc.harness.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mlhpc.harness.campaign.CampaignStatus;
import org.mlhpc.harness.campaign.NextStep;
import org.mlhpc.harness.campaign.RunProgress;
import org.mlhpc.harness.campaign.RunStatus;
import org.mlhpc.slurm.queue.Programs;
import org.mlhpc.slurm.status.BadNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How a campaign is doing. */
@Command(
        name = "status",
        description = {
            "Shows how a campaign is doing: each run with its progress, broken nodes, and what to do next.",
            "Works with the campaign's folder alone where Slurm does not answer."
        })
final class SlurmStatusCommand implements Callable<Integer> {
    private static final double SECONDS_PER_MINUTE = 60;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OUT", description = "Folder of the campaign, the --out of ./mlhpc slurm submit.")
    private Path folder = Path.of("");

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text, json or csv; csv has the runs alone. Default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        CampaignStatus status = CampaignStatus.read(folder, Programs::output);
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (format) {
                    case TEXT -> text(status);
                    case JSON -> json(status);
                    case CSV -> runs(status).format(Format.CSV);
                });
        out.flush();
        return 0;
    }

    private static String text(CampaignStatus status) throws IOException {
        var text = new StringBuilder(headline(status) + "\n\n" + runs(status).format(Format.TEXT));
        if (!status.otherJobs().isEmpty()) {
            text.append('\n').append(jobs(status).format(Format.TEXT));
        }
        if (!status.badNodes().isEmpty()) {
            text.append('\n');
            status.badNodes().forEach(node -> text.append("broken node " + node.node() + ": " + node.reason() + "\n"));
            text.append(
                    "to keep further jobs away from them: " + status.exclude().orElse("") + "\n");
        }
        text.append('\n');
        status.queue()
                .silence()
                .ifPresent(why -> text.append("the folder alone, since Slurm does not answer: " + why + "\n"));
        return text.append("next: " + NextStep.of(status) + "\n").toString();
    }

    private static String headline(CampaignStatus status) {
        String counts = status.counts().entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey().word())
                .collect(Collectors.joining(", "));
        return status.campaign().workload() + " " + status.campaign().configuration() + " to "
                + status.campaign().target() + ", " + status.runs().size() + " runs: " + counts;
    }

    private static Table runs(CampaignStatus status) {
        var table = new Table(
                "point",
                "run",
                "state",
                "job",
                "starts",
                "waited_min",
                "nodes",
                "epochs",
                "quality",
                "s_per_epoch",
                "limit_left_min",
                "to_target_min",
                "target",
                "unverified_min",
                "why");
        status.runs().forEach(run -> addRow(table, run));
        return table;
    }

    private static void addRow(Table table, RunStatus run) {
        Optional<RunProgress> progress = run.progress();
        Optional<RunProgress> finished = progress.filter(RunProgress::finished);
        table.row(
                run.point(),
                run.index(),
                run.state().stage().word(),
                run.job(),
                run.starts(),
                run.starts() > 1 ? minutes(run.waited()) : "",
                run.nodes(),
                progress.<Object>map(RunProgress::epochs).orElse(""),
                cell(progress.map(RunProgress::quality)),
                cell(progress.map(RunProgress::secondsPerEpoch)),
                run.limit().<Object>map(SlurmStatusCommand::minutes).orElse(""),
                run.restSeconds().isPresent() ? (Object) (run.restSeconds().getAsDouble() / SECONDS_PER_MINUTE) : "",
                finished.map(each -> each.reached() ? "reached" : "missed").orElse(""),
                cell(finished.map(RunProgress::minutes)),
                run.state().why());
    }

    private static Object cell(Optional<OptionalDouble> number) {
        return number.filter(OptionalDouble::isPresent)
                .<Object>map(OptionalDouble::getAsDouble)
                .orElse("");
    }

    private static Double minutes(Duration time) {
        return time.toSeconds() / SECONDS_PER_MINUTE;
    }

    /** Data, staging, collection. */
    private static Table jobs(CampaignStatus status) {
        var table = new Table("job", "id", "state");
        status.otherJobs().forEach((job, said) -> table.row(job.name(), said.id(), said.explained()));
        return table;
    }

    private static String json(CampaignStatus status) throws IOException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("workload", status.campaign().workload());
        root.put("configuration", status.campaign().configuration());
        root.put("target", status.campaign().target());
        root.put("slurm_answers", status.queue().answers());
        root.put("runs", runs(status).objects());
        root.put("jobs", jobs(status).objects());
        root.put(
                "bad_nodes",
                status.badNodes().stream()
                        .collect(Collectors.toMap(
                                BadNode::node, BadNode::reason, (first, second) -> first, LinkedHashMap::new)));
        status.exclude().ifPresent(option -> root.put("exclude", option));
        root.put("next", NextStep.of(status));
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(root) + "\n";
    }
}
