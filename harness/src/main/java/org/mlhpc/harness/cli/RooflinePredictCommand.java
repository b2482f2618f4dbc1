package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mlhpc.roofline.predict.Cluster;
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
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private PredictionOptions options = new PredictionOptions();

    @Option(names = "--format", description = "text, json or csv; default: text.", defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        PredictionOptions.Predictions predicted = options.predict();
        print(predicted.cluster(), predicted.convergence(), predicted.projections());
        return 0;
    }

    private void print(Cluster cluster, Optional<Convergence> convergence, List<Projection> projections)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(table(projections).format(format));
        if (format == Format.TEXT) {
            out.println();
            out.println("nodes like " + cluster.name() + "; intervals of 95 % hold the scatter of runs around the fit");
            out.println(convergence
                    .map(RooflinePredictCommand::inWords)
                    .orElse("no time to train: no fitted run reached its target"));
        }
        out.flush();
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

    private static Table table(List<Projection> projections) {
        var table = new Table(
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
        projections.forEach(each -> table.row(row(each)));
        return table;
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
            each.binding().name().toLowerCase(Locale.ROOT),
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
