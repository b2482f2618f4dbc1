package org.mlhpc.harness.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** Own and published results. */
@Command(
        name = "results",
        description = {
            "Scores, comparisons and reports of own runs, of submissions, and of the published rounds 0.7 to 3.0, which come with"
                    + " the program.",
            "RESULT is a folder of runs, a log, a submission, a folder of submissions; or the name of published results:"
                    + " SYSTEM, ROUND/SYSTEM or ROUND/SUBMITTER/SYSTEM, with * for any characters."
        },
        subcommands = {
            ResultsSummaryCommand.class,
            ResultsCompareCommand.class,
            ResultsScalingCommand.class,
            ResultsReportCommand.class,
            ResultsListCommand.class,
            ResultsDiffCommand.class,
            ResultsAddCommand.class,
            ResultsQueryCommand.class
        })
final class ResultsCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
