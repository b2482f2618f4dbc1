package org.mlhpc.harness.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The extended roofline. */
@Command(
        name = "roofline",
        description = "What limits training, and what happens at other scales: the extended roofline.",
        subcommands = {
            RooflineCountersCommand.class,
            RooflineSweepCommand.class,
            RooflineFitCommand.class,
            RooflinePredictCommand.class,
            RooflineReportCommand.class,
            RooflineValidateCommand.class
        })
final class RooflineCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
