package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mlhpc.harness.campaign.CollectedPoint;
import org.mlhpc.harness.campaign.Collector;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.Violation;
import org.mlhpc.rules.tree.SubmissionChecker;
import org.mlhpc.slurm.campaign.Campaign;
import org.mlhpc.slurm.campaign.CampaignFile;
import org.mlhpc.slurm.script.BatchText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings the results of a campaign together. */
@Command(
        name = "collect",
        description = {
            "Copies the finished runs of a campaign to OUT/results, a folder for each size, checks every log, says what is missing for a",
            "submission, and prints the commands that go on. May be repeated. Ends with 1 if something is missing or breaks a rule."
        })
final class SlurmCollectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OUT", description = "Folder of the campaign, the --out of ./mlhpc slurm submit.")
    private Path folder = Path.of("");

    @Option(names = "--ruleset", description = "Rules to check with; default: ${DEFAULT-VALUE}.")
    private String ruleset = RuleSet.newest();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text, json or csv; json and csv have the table alone. Default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        List<CollectedPoint> points = new Collector(folder, RuleSet.of(ruleset)).collect();
        Campaign campaign = CampaignFile.read(folder);
        PrintWriter out = spec.commandLine().getOut();
        out.print(table(campaign, points).format(format));
        if (format == Format.TEXT) {
            points.forEach(point -> problems(point).forEach(out::println));
            out.println();
            advice(campaign, points).forEach(out::println);
        }
        out.flush();
        return points.stream().allMatch(CollectedPoint::complete) ? 0 : Main.FAILED;
    }

    private static Table table(Campaign campaign, List<CollectedPoint> points) {
        OptionalInt needed = SubmissionChecker.runs(campaign.workload());
        var table = new Table("point", "asked_runs", "finished", "passing_logs", "needed_runs", "submission", "folder");
        for (CollectedPoint point : points) {
            table.row(
                    point.name(),
                    point.asked(),
                    point.verdicts().size(),
                    point.passing(),
                    needed.isPresent() ? (Object) needed.getAsInt() : "",
                    point.obstacle().isEmpty() ? "possible" : "not yet",
                    point.folder());
        }
        return table;
    }

    private List<String> problems(CollectedPoint point) {
        var lines = new ArrayList<String>();
        if (!point.open().isEmpty()) {
            String runs = point.open().stream().map(String::valueOf).collect(Collectors.joining(", "));
            lines.add(point.name() + ": not finished: " + (point.open().size() == 1 ? "run " : "runs ") + runs
                    + "; ./mlhpc slurm status " + quoted(folder) + " says why");
        }
        for (LogVerdict verdict : point.verdicts()) {
            if (!verdict.passed()) {
                String rules = verdict.violations().stream()
                        .filter(violation -> violation.severity() == Violation.Severity.ERROR)
                        .map(Violation::rule)
                        .distinct()
                        .collect(Collectors.joining(", "));
                lines.add(point.name() + ": " + Path.of(verdict.file()).getFileName() + " fails ruleset " + ruleset
                        + ": " + rules + "; ./mlhpc check " + quoted(Path.of(verdict.file())) + " says what to change");
            }
        }
        point.obstacle().ifPresent(why -> lines.add(point.name() + ": no submission: " + why));
        return lines;
    }

    private List<String> advice(Campaign campaign, List<CollectedPoint> points) {
        var lines = new ArrayList<String>();
        for (CollectedPoint point : points) {
            if (point.obstacle().isEmpty()) {
                lines.add("submission:  ./mlhpc package " + quoted(point.folder()) + " --org "
                        + option(campaign, "--org", "ORGANISATION") + " --system "
                        + option(campaign, "--platform", "SYSTEM") + ".json --metric "
                        + campaign.metric().word() + " --out "
                        + quoted(folder.resolve("package").resolve(point.name())));
            }
        }
        if (points.stream().anyMatch(point -> !point.verdicts().isEmpty())) {
            Path results = folder.resolve(Collector.RESULTS);
            lines.add("summary:     ./mlhpc results summary " + quoted(results));
            lines.add("into the store of runs:  ./mlhpc results add " + quoted(results));
        }
        return lines;
    }

    /** The value that the runs were given. */
    private static String option(Campaign campaign, String name, String otherwise) {
        List<String> words = campaign.runArguments();
        int index = words.indexOf(name);
        return index >= 0 && index + 1 < words.size() ? BatchText.quoted(words.get(index + 1)) : otherwise;
    }

    private static String quoted(Path path) {
        return BatchText.quoted(path.toString());
    }
}
