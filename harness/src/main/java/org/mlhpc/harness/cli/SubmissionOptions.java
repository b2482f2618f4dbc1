package org.mlhpc.harness.cli;

import java.util.ArrayList;
import java.util.List;
import org.mlhpc.harness.RunPlan;
import org.mlhpc.rules.RuleSet;
import picocli.CommandLine.Option;

/** Who submits what; the rules that a run's log is held to. */
final class SubmissionOptions {
    private static final List<String> STATES = List.of("cloud", "onprem", "preview", "research");

    @Option(
            names = "--org",
            paramLabel = "NAME",
            description = "submission_org in the log: who will submit; default: ${DEFAULT-VALUE}.",
            defaultValue = RunPlan.Submission.UNKNOWN)
    private String org = "";

    @Option(
            names = "--platform",
            paramLabel = "NAME",
            description = "submission_platform in the log: name of the system; default: ${DEFAULT-VALUE}.",
            defaultValue = RunPlan.Submission.UNKNOWN)
    private String platform = "";

    @Option(
            names = "--submission-status",
            paramLabel = "STATUS",
            description =
                    "submission_status in the log: cloud, onprem, preview or research; default: ${DEFAULT-VALUE}.",
            defaultValue = "research")
    private String status = "";

    @Option(
            names = "--division",
            description = "closed or open; default: closed where the rules allow these settings and data.",
            defaultValue = "")
    private String division = "";

    @Option(
            names = "--ruleset",
            description = "Rules that the log is held to while it is written; default: the newest.")
    private String ruleset = RuleSet.newest();

    /** @throws IllegalArgumentException if there is no such status, division or ruleset, or a name is empty */
    RunPlan.Submission submission() {
        if (org.isBlank() || platform.isBlank()) {
            throw new IllegalArgumentException("--org and --platform must not be empty: the rules want both");
        }
        if (!STATES.contains(status)) {
            throw new IllegalArgumentException(
                    "--submission-status=" + status + " must be one of " + String.join(", ", STATES));
        }
        RuleSet.of(ruleset);
        return new RunPlan.Submission(org, platform, status, division, ruleset);
    }

    /** Who submits. */
    String organisation() {
        return org;
    }

    /** The same as arguments of {@code ./mlhpc run}. */
    List<String> arguments() {
        submission();
        var arguments = new ArrayList<>(List.of("--org", org, "--platform", platform));
        arguments.addAll(List.of("--submission-status", status, "--ruleset", ruleset));
        if (!division.isEmpty()) {
            arguments.addAll(List.of("--division", division));
        }
        return arguments;
    }
}
