package org.mlhpc.harness.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The extended roofline. */
@Command(
        name = "roofline",
        description = "What limits training, and what happens at other scales: the extended roofline.",
        subcommands = {
            RooflineMeasureCommand.class,
            RooflineCountersCommand.class,
            RooflineSweepCommand.class,
            RooflineFitCommand.class,
            RooflinePredictCommand.class,
            RooflineReportCommand.class,
            RooflineValidateCommand.class
        })
final class RooflineCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** The launcher passes it here; it has started as many processes. */
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--ranks", hidden = true)
    private int ranks = 1;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
