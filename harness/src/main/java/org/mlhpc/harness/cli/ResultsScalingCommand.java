package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.mlhpc.results.compare.Scaling;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.CriticalBatch;
import org.mlhpc.results.statistics.Sample;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What more accelerators bring. */
@Command(
        name = "scaling",
        description = {
            "Compares times to train of one system at several scales with those of the smallest: strong-scaling efficiency,"
                    + " throughput efficiency, and samples to convergence against batch size with the critical batch size.",
            "Results are put together that have submitter, round, division and accelerator in common."
        })
final class ResultsScalingCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RESULT", arity = "1..*", description = "See ./mlhpc results --help.")
    private List<String> words = List.of();

    @Mixin
    private EntryFilter filter = new EntryFilter();

    @Option(names = "--format", description = "text, json or csv; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        List<Entry> entries = filter.read(words, spec.commandLine().getErr());
        List<Scaling> scalings = Scaling.of(entries);
        if (scalings.isEmpty()) {
            throw new IOException("no system has times to train at two scales in " + String.join(", ", words));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(table(scalings).format(format));
        if (format == Format.TEXT) {
            scalings.forEach(scaling -> out.println(convergence(scaling)));
        }
        out.flush();
        return 0;
    }

    private static Table table(List<Scaling> scalings) {
        var table = new Table(
                "benchmark",
                "result",
                "scale",
                "batch",
                "minutes",
                "speed",
                "low",
                "high",
                "efficiency",
                "efficiency_low",
                "efficiency_high",
                "epochs",
                "samples_per_s",
                "rate_efficiency",
                "rate_efficiency_low",
                "rate_efficiency_high",
                "review");
        for (Scaling scaling : scalings) {
            scaling.points().forEach(point -> table.row(row(scaling, point)));
        }
        return table;
    }

    private static Object[] row(Scaling scaling, Scaling.Point point) {
        Entry entry = point.entry();
        return new Object[] {
            scaling.benchmark(),
            entry.name(),
            point.scale(),
            entry.task().batch().isPresent() ? (Object) entry.task().batch().getAsLong() : "",
            entry.countedMinutes().<Object>map(Sample::mean).orElse(""),
            value(point.speed()),
            end(point.speed(), true),
            end(point.speed(), false),
            value(point.efficiency()),
            end(point.efficiency(), true),
            end(point.efficiency(), false),
            entry.epochs().<Object>map(Sample::mean).orElse(""),
            entry.measured().trainSamplesPerSecond().<Object>map(Sample::mean).orElse(""),
            value(point.throughputEfficiency()),
            end(point.throughputEfficiency(), true),
            end(point.throughputEfficiency(), false),
            entry.label().reviewed() ? "reviewed" : "unverified"
        };
    }

    private static Object value(Scaling.Estimate estimate) {
        return estimate.value().isPresent() ? (Object) estimate.value().getAsDouble() : "";
    }

    private static Object end(Scaling.Estimate estimate, boolean low) {
        return estimate.interval()
                .<Object>map(interval -> low ? interval.low() : interval.high())
                .orElse("");
    }

    private static String convergence(Scaling scaling) {
        return scaling.benchmark() + ", " + scaling.system() + ": "
                + scaling.convergence()
                        .map(CriticalBatch::inWords)
                        .orElse("one batch size, or too few runs, for a curve of convergence");
    }
}
