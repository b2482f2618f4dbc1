package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mlhpc.results.compare.ScaleUp;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.roofline.Spread;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds predictions against what was published. */
@Command(
        name = "validate",
        description = {
            "Predicts the published times to train of each benchmark and system at its larger scales from its smaller ones, and"
                    + " lists all of them, good and bad.",
            "Throughput comes from the smaller scales, samples to convergence from the batch sizes of all other results."
        })
final class RooflineValidateCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--scales",
            paramLabel = "N",
            description = "Leave out systems with fewer scales; default: ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int scales;

    @Option(names = "--format", description = "text, json or csv; default: text.", defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        if (scales < 2) {
            throw new IllegalArgumentException(
                    "--scales " + scales + ": a prediction needs a smaller scale, so at least 2");
        }
        List<ScaleUp> all = ScaleUp.of(PublishedResults.all(), scales);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("--scales " + scales + ": no published system has as many");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(table(all).format(format));
        if (format == Format.TEXT) {
            double[] errors = all.stream()
                    .mapToDouble(each -> Math.abs(each.errors().minutes()))
                    .toArray();
            double[] sorted = errors.clone();
            Arrays.sort(sorted);
            out.printf(
                    Locale.ROOT,
                    "%n%d predictions: median absolute error %.1f %%, largest %.1f %%%n",
                    errors.length,
                    100 * Spread.of(errors).median(),
                    100 * sorted[sorted.length - 1]);
        }
        out.flush();
        return 0;
    }

    private static Table table(List<ScaleUp> all) {
        var table = new Table(
                "benchmark",
                "result",
                "scales",
                "scale",
                "from",
                "batch",
                "minutes",
                "predicted",
                "low",
                "high",
                "error_percent",
                "rate_error_percent",
                "convergence_error_percent");
        all.forEach(each -> table.row(
                each.benchmark(),
                each.target().name(),
                each.scales(),
                scale(each.target()),
                String.join(
                        "+",
                        each.basis().stream()
                                .map(entry -> String.valueOf(scale(entry)))
                                .toList()),
                each.target().task().batch().orElseThrow(),
                each.target().measured().minutes().orElseThrow().mean(),
                each.minutes().value(),
                each.minutes().interval().low(),
                each.minutes().interval().high(),
                100 * each.errors().minutes(),
                100 * each.errors().samplesPerSecond(),
                100 * each.errors().samplesToConverge()));
        return table;
    }

    private static long scale(Entry entry) {
        return entry.machine().scale().orElseThrow();
    }
}
