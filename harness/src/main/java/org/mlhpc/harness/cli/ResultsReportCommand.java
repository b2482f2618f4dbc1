package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.mlhpc.harness.SuiteVersion;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.report.ComparisonReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tables and charts of results. */
@Command(
        name = "report",
        description = {
            "Writes report.html, one page that needs nothing else, and its charts as SVG and PNG with their numbers as CSV.",
            "Without RESULT: the published rounds."
        })
final class ResultsReportCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RESULT", arity = "0..*", description = "See ./mlhpc results --help.")
    private List<String> words = List.of();

    @Mixin
    private EntryFilter filter = new EntryFilter();

    @Option(names = "--out", paramLabel = "DIR", description = "Where to write; default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("results-report");

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        var problems = new ArrayList<String>();
        List<Entry> entries = words.isEmpty() ? filter.published() : filter.read(words, problems);
        problems.forEach(problem -> err.println("mlhpc: " + problem));
        err.flush();
        if (entries.isEmpty()) {
            throw new IOException("nothing to report in " + String.join(", ", words));
        }
        String maker = "mlhpc " + SuiteVersion.version();
        Path page = ComparisonReport.write(out, entries, problems, maker, Instant.now());
        PrintWriter console = spec.commandLine().getOut();
        console.println(page);
        console.flush();
        return 0;
    }
}
