package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mlhpc.results.tree.SubmissionTree;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.LogFiles;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.report.CheckReport;
import org.mlhpc.rules.report.VerdictFormat;
import org.mlhpc.rules.tree.ScalingFiles;
import org.mlhpc.rules.tree.SubmissionChecker;
import org.mlhpc.rules.tree.TreeVerdict;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks logs against the rules of a published round. */
@Command(
        name = "check",
        description = {
            "Checks logs and submissions against the rules of a published round, and computes the scores of submissions.",
            "An error fails a log, as it does in the official checker. A warning is what that one lets pass against the"
                    + " rules."
        })
final class CheckCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = {
                "A log, a folder to search for result_*.txt, or a submission: the folder of an organisation (with results and"
                        + " systems in it), or of several."
            })
    private List<Path> paths = List.of();

    @Option(
            names = "--ruleset",
            description = "One of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.",
            completionCandidates = RuleSets.class)
    private String ruleset = RuleSet.newest();

    @Option(names = "--strict", description = "Shows warnings as errors, which they are to the letter of the rules.")
    private boolean strict;

    @Option(names = "--werror", description = "Ends with code 1 if there is as much as a warning.")
    private boolean warningsFail;

    @Option(names = "--format", description = "text, json or csv; default: ${DEFAULT-VALUE}.")
    private VerdictFormat format = VerdictFormat.TEXT;

    @Option(
            names = "--scaling-out",
            paramLabel = "DIR",
            description =
                    "Writes the scaling.json that a review would add to each set of runs into this folder, which may not lie"
                            + " in what is checked.")
    private @Nullable Path scaling;

    /** The names of the rulesets, for the help. */
    static final class RuleSets extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        RuleSets() {
            super(RuleSet.names());
        }
    }

    @Override
    public Integer call() throws IOException {
        RuleSet rules = RuleSet.of(ruleset);
        var checker = new LogChecker(rules, strict);
        var logs = new ArrayList<LogVerdict>();
        var trees = new ArrayList<TreeVerdict>();
        for (Path path : paths) {
            if (SubmissionTree.isAt(path)) {
                trees.add(new SubmissionChecker(rules, strict).check(path));
            } else {
                List<Path> files = LogFiles.in(path);
                files.parallelStream().map(log -> check(checker, log)).forEachOrdered(logs::add);
            }
        }
        if (scaling != null) {
            ScalingFiles.write(scaling, paths, trees);
        }
        var report = new CheckReport(ruleset, logs, trees);
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.format(report));
        out.flush();
        return report.passed() && (!warningsFail || report.clean()) ? 0 : Main.FAILED;
    }

    /** A log that cannot be read is a verdict too, so that it does not hide those of the others. */
    private static LogVerdict check(LogChecker checker, Path log) {
        try {
            return checker.check(log);
        } catch (IOException e) {
            return LogVerdict.unreadable(log, e);
        }
    }
}
