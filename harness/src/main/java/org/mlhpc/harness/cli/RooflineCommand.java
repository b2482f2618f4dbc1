package org.mlhpc.harness.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The extended roofline of a machine. */
@Command(
        name = "roofline",
        description = "Ceilings of compute, memory, storage and network, and what they let a run reach.",
        subcommands = RooflineMeasureCommand.class)
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
