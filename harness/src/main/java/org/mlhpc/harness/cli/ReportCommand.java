package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.report.Ceilings;
import org.mlhpc.results.report.RunReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** Writes reports of finished runs anew. */
@Command(
        name = "report",
        description = "Writes the report of finished runs beside their run.json, and the charts of their profiles.")
final class ReportCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN.json", arity = "1..*", description = "Records of runs.")
    private List<Path> records = List.of();

    @Mixin
    private CeilingOptions against = new CeilingOptions();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<Ceilings> ceilings = against.read();
        for (Path record : records) {
            Path report = reportBeside(record);
            RunReport.write(report, RunRecordFile.read(record), ceilings);
            out.println(report);
        }
        out.flush();
        return 0;
    }

    /** {@code run_3.json} has its report in {@code report_3.html}; any other name keeps its stem. */
    private static Path reportBeside(Path record) {
        String name = String.valueOf(record.getFileName());
        String stem = name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
        String report = stem.startsWith("run") ? "report" + stem.substring("run".length()) : stem + "-report";
        return record.resolveSibling(report + ".html");
    }
}
