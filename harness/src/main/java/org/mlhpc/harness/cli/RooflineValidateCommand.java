package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mlhpc.results.compare.Comparison;
import org.mlhpc.results.compare.ScaleUp;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.roofline.Quantile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds predictions against what was published. */
@Command(
        name = "validate",
        description = {
            "Predicts the published times to train of each benchmark and system at its larger scales from its smaller ones, and"
                    + " lists all of them, good and bad.",
            "Throughput comes from the smaller scales, samples to convergence from the batch sizes of all other results, staging as"
                    + " published. With --strict all three come from the smaller scales of the same system: a forecast."
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

    @Option(
            names = "--strict",
            description =
                    "Use nothing but the smaller scales of the same system, and list what cannot be predicted so.")
    private boolean strict;

    @Option(names = "--format", description = "text, json or csv; default: text.", defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        if (scales < 2) {
            throw new IllegalArgumentException(
                    "--scales " + scales + ": a prediction needs a smaller scale, so at least 2");
        }
        ScaleUp.Rule rule = strict ? ScaleUp.Rule.STRICT : ScaleUp.Rule.OTHERS;
        ScaleUp.Predictions all = ScaleUp.of(PublishedResults.all(), scales, rule);
        if (all.predicted().isEmpty() && all.skipped().isEmpty()) {
            throw new IllegalArgumentException("--scales " + scales + ": no published system has as many");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(table(all).format(format));
        if (format == Format.TEXT) {
            out.println();
            if (!all.predicted().isEmpty()) {
                out.println(inWords(all.predicted()));
            }
            if (!all.skipped().isEmpty()) {
                out.printf(Locale.ROOT, "%d not predicted%n", all.skipped().size());
            }
        }
        out.flush();
        return 0;
    }

    private static String inWords(List<ScaleUp> all) {
        double[] errors = all.stream()
                .mapToDouble(each -> Math.abs(each.errors().minutes()))
                .toArray();
        List<Boolean> held = all.stream().flatMap(each -> each.held().stream()).toList();
        return String.format(
                Locale.ROOT,
                "%d predictions: median absolute error %.1f %%, largest %.1f %%; %d of %d intervals of %.0f %% hold the"
                        + " published time",
                errors.length,
                100 * Quantile.of(errors, 0.5),
                100 * Quantile.of(errors, 1),
                held.stream().filter(each -> each).count(),
                held.size(),
                100 * Comparison.CONFIDENCE);
    }

    private static Table table(ScaleUp.Predictions all) {
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
                "convergence_error_percent",
                "remarks");
        all.predicted()
                .forEach(each -> table.row(
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
                        each.minutes().interval().<Object>map(Interval::low).orElse(""),
                        each.minutes().interval().<Object>map(Interval::high).orElse(""),
                        100 * each.errors().minutes(),
                        100 * each.errors().samplesPerSecond(),
                        100 * each.errors().samplesToConverge(),
                        each.minutes().interval().isPresent() ? "" : "two batch sizes or one result: no interval"));
        all.skipped().forEach(each -> table.row(without(each)));
        return table;
    }

    private static Object[] without(ScaleUp.Skipped skipped) {
        Entry target = skipped.target();
        return new Object[] {
            target.task().benchmark(),
            target.name(),
            "",
            scale(target),
            "",
            target.task().batch().orElseThrow(),
            target.measured().minutes().orElseThrow().mean(),
            "",
            "",
            "",
            "",
            "",
            "",
            "not predicted: " + skipped.reason()
        };
    }

    private static long scale(Entry entry) {
        return entry.machine().scale().orElseThrow();
    }
}
