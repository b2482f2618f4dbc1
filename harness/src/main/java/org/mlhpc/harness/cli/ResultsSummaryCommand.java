package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.mlhpc.results.entry.Entry;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores and what can be said with them. */
@Command(
        name = "summary",
        description = {
            "Prints scores by the official rule, and mean, spread and 95 %% intervals of the times they are made of; the smallest"
                    + " difference that as many runs can show, and the runs that a wanted difference needs.",
            "Csv and json have more columns: system, convergence, staging, rates. Without RESULT: the published rounds."
        })
final class ResultsSummaryCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RESULT", arity = "0..*", description = "See ./mlhpc results --help.")
    private List<String> words = List.of();

    @Mixin
    private EntryFilter filter = new EntryFilter();

    @Option(
            names = "--wanted",
            paramLabel = "PERCENT",
            description = "The difference to plan runs for; default: ${DEFAULT-VALUE} %%.")
    private double wanted = 5;

    @Option(names = "--format", description = "text, json or csv; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        if (!(wanted > 0)) {
            throw new IllegalArgumentException("--wanted " + wanted + " is no difference; give a number above 0");
        }
        CommandLine command = spec.commandLine();
        List<Entry> entries = words.isEmpty() ? filter.published() : filter.read(words, command.getErr());
        PrintWriter out = command.getOut();
        out.print(new SummaryTable(wanted).format(entries, format));
        out.flush();
        return entries.isEmpty() ? Main.FAILED : 0;
    }
}
