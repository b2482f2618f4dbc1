package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mlhpc.harness.projection.Scale;
import org.mlhpc.roofline.predict.Convergence;
import org.mlhpc.roofline.predict.Estimate;
import org.mlhpc.roofline.predict.Projection;
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
    private static final List<String> COLUMNS = List.of(
            "nodes",
            "ranks",
            "batch",
            "step_ms",
            "step_low",
            "step_high",
            "samples_per_s",
            "limited_by",
            "epoch_s",
            "evaluation_s",
            "staging_s",
            "data",
            "epochs",
            "train_min",
            "train_low",
            "train_high",
            "beyond_runs",
            "remarks");

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
        out.print(table(predicted.scales()).format(format));
        if (format == Format.TEXT) {
            out.println();
            out.printf(
                    Locale.ROOT,
                    "nodes like %s; intervals of %.0f %% hold the scatter of runs around the fit%n",
                    predicted.cluster().name(),
                    100 * predicted.runs().fit().confidence());
            out.println(predicted
                    .convergence()
                    .map(RooflinePredictCommand::inWords)
                    .orElse("no time to train: no fitted run reached its target"));
        }
        out.flush();
        return 0;
    }

    private static String inWords(Convergence known) {
        return String.format(
                Locale.ROOT,
                "samples to converge = %.4g (batch / %.4g)^%.2f, exponent +- %.2f (standard error), from batches of %.4g to %.4g",
                known.level(),
                known.referenceBatch(),
                known.exponent(),
                known.exponentError(),
                known.smallestBatch(),
                known.largestBatch());
    }

    private static Table table(List<Scale> scales) {
        var table = new Table(COLUMNS.toArray(new String[0]));
        scales.forEach(each ->
                table.row(each.projection().map(RooflinePredictCommand::row).orElseGet(() -> without(each))));
        return table;
    }

    /** A row that says only what was asked for and why it cannot be predicted. */
    private static Object[] without(Scale scale) {
        Object[] row = new Object[COLUMNS.size()];
        Arrays.fill(row, "");
        row[COLUMNS.indexOf("nodes")] = scale.layout().nodes();
        row[COLUMNS.indexOf("ranks")] = scale.layout().ranks();
        row[COLUMNS.indexOf("batch")] = scale.batch();
        row[COLUMNS.indexOf("remarks")] = "not predicted: " + scale.obstacle();
        return row;
    }

    private static Object[] row(Projection each) {
        Estimate step = each.stepSeconds();
        return new Object[] {
            each.layout().nodes(),
            each.layout().ranks(),
            Math.round(each.batch()),
            1e3 * step.value(),
            1e3 * step.low(),
            1e3 * step.high(),
            each.samplesPerSecond(),
            each.binding().word(),
            each.epochSeconds(),
            each.evaluationSeconds(),
            each.data().stagingSeconds(),
            each.data().place().inWords(),
            each.epochs().<Object>map(Estimate::value).orElse(""),
            each.trainSeconds().<Object>map(time -> time.value() / 60).orElse(""),
            each.trainSeconds().<Object>map(time -> time.low() / 60).orElse(""),
            each.trainSeconds().<Object>map(time -> time.high() / 60).orElse(""),
            each.extrapolation(),
            String.join("; ", each.remarks())
        };
    }
}
