package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.harness.profile.RunCounters;
import org.mlhpc.roofline.counters.Availability;
import org.mlhpc.roofline.counters.CounterSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which counters can be read here. */
@Command(
        name = "counters",
        description = "Lists the counters: what each covers here, or what is missing and how to enable it.")
final class RooflineCountersCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "text, json or csv; default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        var table = new Table("counter", "of", "unit", "scope", "available", "covers or lacks", "how to enable");
        for (CounterSource source : RunCounters.sources(new LocalCommunicator())) {
            Availability availability = source.availability();
            table.row(
                    source.name(),
                    source.quantity().word(),
                    source.quantity().unit(),
                    source.scope().word(),
                    availability.available() ? "yes" : "no",
                    availability.detail(),
                    availability.remedy());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(table.format(format));
        out.flush();
        return 0;
    }
}
