package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Predicts other scales and machines. */
@Command(
        name = "predict",
        description = {
            "Predicts step time, throughput, staging and time to train at other numbers of nodes, batch sizes and machines, with"
                    + " intervals, and names the resource that limits each.",
            "Efficiencies, overhead and overlap come from the fit; ceilings from the machine."
        })
final class RooflinePredictCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private PredictionOptions options = new PredictionOptions();

    @Option(names = "--format", description = "text, json or csv; default: text.", defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        PredictionOptions.Predictions predicted = options.predict();
        PrintWriter out = spec.commandLine().getOut();
        var projections = new ProjectionTable(predicted.scales());
        out.print(
                format == Format.TEXT ? projections.text() : projections.table().format(format));
        if (format == Format.TEXT) {
            out.println(projections.limits());
            if (!projections.whereTimeGoes().isEmpty()) {
                out.println(projections.whereTimeGoes());
            }
            out.printf(
                    Locale.ROOT,
                    "nodes like %s, %s; intervals of %.0f %% hold the scatter of held-out runs around their prediction%n",
                    predicted.cluster().name(),
                    projections.layout(),
                    100 * predicted.runs().fit().confidence());
            out.println(predicted.convergence().inWords());
        }
        out.flush();
        return 0;
    }
}
