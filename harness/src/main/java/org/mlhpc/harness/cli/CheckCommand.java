package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.mlhpc.rules.LogChecker;
import org.mlhpc.rules.LogFiles;
import org.mlhpc.rules.LogVerdict;
import org.mlhpc.rules.RuleSet;
import org.mlhpc.rules.VerdictFormat;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks logs against the rules of a published round. */
@Command(
        name = "check",
        description = {
            "Checks logs against the rules of a published round.",
            "An error fails a log, as it does in the official checker. A warning is what that one lets pass against the"
                    + " rules."
        })
final class CheckCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "A log, or a folder to search for result_*.txt.")
    private List<Path> paths = List.of();

    @Option(
            names = "--ruleset",
            description = "One of ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.",
            completionCandidates = RuleSets.class)
    private String ruleset = "3.0.0";

    @Option(names = "--strict", description = "Turns warnings into errors.")
    private boolean strict;

    @Option(names = "--format", description = "text, json or csv; default: ${DEFAULT-VALUE}.")
    private VerdictFormat format = VerdictFormat.TEXT;

    /** The names of the rulesets, for the help. */
    static final class RuleSets extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        RuleSets() {
            super(RuleSet.names());
        }
    }

    @Override
    public Integer call() throws IOException {
        var checker = new LogChecker(RuleSet.of(ruleset), strict);
        var verdicts = new ArrayList<LogVerdict>();
        for (Path path : paths) {
            for (Path log : LogFiles.in(path)) {
                verdicts.add(checker.check(log));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(format.format(ruleset, verdicts));
        out.flush();
        return verdicts.stream().allMatch(LogVerdict::passed) ? 0 : Main.FAILED;
    }
}
