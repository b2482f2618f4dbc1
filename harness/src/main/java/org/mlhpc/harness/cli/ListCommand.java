package org.mlhpc.harness.cli;

import java.io.PrintWriter;
import org.mlhpc.api.Workload;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** Lists the workloads. */
@Command(name = "list", description = "Lists the workloads and their configurations.")
final class ListCommand implements Runnable {
    @CommandLine.Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        for (Workload<?> workload : Workloads.all()) {
            out.println(workload.name() + ": " + workload.summary());
            out.println("  configurations: " + String.join(", ", workload.configurations()));
        }
        out.flush();
    }
}
