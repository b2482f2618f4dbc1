package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.mlhpc.harness.SuiteVersion;
import org.mlhpc.results.report.RooflineReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws a fit and its predictions. */
@Command(
        name = "report",
        description = {
            "Writes a page with the fit, step times against what each resource would need, predictions, and the roofs of the"
                    + " machine with the operators of runs below them; every chart as SVG, PNG and CSV too."
        })
final class RooflineReportCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(
            paramLabel = "RUN",
            arity = "0..*",
            description =
                    "Records of runs made with --profile, whose operators are drawn below the roofs; of a folder of them,"
                            + " for each layout the run with most work. Those like the predicted ones stand beside the"
                            + " predictions too.")
    private List<Path> runs = List.of();

    @Mixin
    private PredictionOptions options = new PredictionOptions();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder to write to; default: ${DEFAULT-VALUE}.",
            defaultValue = "roofline-report")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        PredictionOptions.Predictions predicted = options.predict();
        RooflineReportRuns read = RooflineReportRuns.read(runs);
        Path page = new RooflineReport(
                        predicted.runs(),
                        predicted.cluster(),
                        read.telling(),
                        read.asPredicted(predicted),
                        predicted.projections())
                .write(out, "mlhpc " + SuiteVersion.version(), Instant.now());
        PrintWriter words = spec.commandLine().getOut();
        predicted.scales().stream()
                .filter(scale -> scale.projection().isEmpty())
                .forEach(scale -> words.println("left out: " + scale.wanted().nodes() + " nodes: " + scale.obstacle()));
        words.println(page);
        words.flush();
        return 0;
    }
}
