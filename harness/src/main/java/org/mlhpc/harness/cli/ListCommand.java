package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.mlhpc.api.Workload;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Lists the workloads. */
@Command(name = "list", description = "Lists the workloads and their configurations.")
final class ListCommand implements Callable<Integer> {
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
        var table = new Table("workload", "configurations", "summary");
        for (Workload<?> workload : Workloads.all()) {
            table.row(workload.name(), String.join(", ", workload.configurations()), workload.summary());
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(table.format(format));
        out.flush();
        return 0;
    }
}
