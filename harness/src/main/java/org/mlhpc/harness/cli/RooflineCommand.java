package org.mlhpc.harness.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The extended roofline. */
@Command(
        name = "roofline",
        description = "What limits a run: the counters of this machine.",
        subcommands = {RooflineCountersCommand.class})
final class RooflineCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
