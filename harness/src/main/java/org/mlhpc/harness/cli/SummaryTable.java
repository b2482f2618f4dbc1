package org.mlhpc.harness.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mlhpc.results.Benchmark;
import org.mlhpc.results.compare.Comparison;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.Detectable;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.results.statistics.MeanInterval;
import org.mlhpc.results.statistics.Sample;

/** Entries with their statistics as a table. */
final class SummaryTable {
    private static final double POWER = 0.8;
    private static final String NOTHING = "";

    private final double wantedPercent;
    private final Detectable detectable = new Detectable(Comparison.CONFIDENCE, POWER);

    /** @param wantedPercent the difference to plan runs for */
    SummaryTable(double wantedPercent) {
        this.wantedPercent = wantedPercent;
    }

    String format(List<Entry> entries, Format format) throws IOException {
        if (format == Format.TEXT) {
            var table = new Table(
                    "result",
                    "benchmark",
                    "score",
                    "unit",
                    "review",
                    "runs",
                    "mean min",
                    "sd %",
                    "95 % interval of the mean",
                    "detectable %",
                    "runs for " + percent(wantedPercent));
            entries.forEach(entry -> table.row(shortRow(entry)));
            return table.format(format);
        }
        var table = new Table(COLUMNS.toArray(new String[0]));
        entries.forEach(entry -> table.row(longRow(entry)));
        return table.format(format);
    }

    private static String percent(double value) {
        return (value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value)) + " %";
    }

    private Object[] shortRow(Entry entry) {
        Optional<Sample> minutes = entry.countedMinutes();
        return new Object[] {
            entry.name(),
            entry.task().benchmark(),
            number(entry.measured().score()),
            entry.task().metric().unit(),
            reviewInWords(entry),
            runs(entry),
            minutes.<Object>map(Sample::mean).orElse(NOTHING),
            spread(minutes),
            interval(minutes)
                    .map(known -> String.format(Locale.ROOT, "%.4g to %.4g", known.low(), known.high()))
                    .orElse(minutes.isPresent() ? "not repeated" : "not measured"),
            smallest(minutes),
            needed(minutes)
        };
    }

    private static final List<String> COLUMNS = List.of(
            "round",
            "division",
            "submitter",
            "system",
            "benchmark",
            "metric",
            "score",
            "unit",
            "review",
            "nodes",
            "accelerators",
            "accelerator",
            "runs",
            "failing",
            "runs_by_rules",
            "scaling_factor",
            "mean_minutes",
            "sd_minutes",
            "interval_low_minutes",
            "interval_high_minutes",
            "t_interval_low_minutes",
            "t_interval_high_minutes",
            "bootstrap_low_minutes",
            "bootstrap_high_minutes",
            "detectable_percent",
            "runs_needed",
            "wanted_percent",
            "global_batch_size",
            "epochs_to_converge",
            "samples_to_converge",
            "staging_minutes",
            "staging_in_run",
            "samples_per_s",
            "train_samples_per_s",
            "train_minutes",
            "eval_minutes");

    private Object[] longRow(Entry entry) {
        Entry.Measured measured = entry.measured();
        Optional<Sample> minutes = entry.countedMinutes();
        var cells = new ArrayList<Object>(List.of(
                entry.label().round().orElse(NOTHING),
                entry.label().division(),
                entry.label().submitter(),
                entry.label().system(),
                entry.task().benchmark(),
                entry.metricName(),
                number(measured.score()),
                entry.task().metric().unit(),
                review(entry),
                number(entry.machine().nodes()),
                number(entry.machine().accelerators()),
                entry.machine().accelerator(),
                runs(entry),
                measured.failing(),
                Benchmark.named(entry.task().benchmark())
                        .<Object>map(Benchmark::runs)
                        .orElse(NOTHING),
                measured.factor(),
                minutes.<Object>map(Sample::mean).orElse(NOTHING),
                minutes.filter(Sample::repeated).<Object>map(Sample::deviation).orElse(NOTHING)));
        add(cells, interval(minutes));
        add(cells, minutes.flatMap(sample -> MeanInterval.student(sample, Comparison.CONFIDENCE)));
        add(cells, minutes.flatMap(sample -> MeanInterval.bootstrap(sample, Comparison.CONFIDENCE)));
        cells.addAll(List.of(
                smallest(minutes),
                needed(minutes),
                wantedPercent,
                number(entry.task().batch()),
                mean(entry.epochs()),
                mean(measured.samples()),
                measured.staging().<Object>map(Entry.Staging::minutes).orElse(NOTHING),
                measured.staging().<Object>map(Entry.Staging::inside).orElse(NOTHING),
                mean(measured.samplesPerSecond()),
                mean(measured.trainSamplesPerSecond()),
                number(measured.trainMinutes()),
                number(measured.evalMinutes())));
        return cells.toArray();
    }

    private static void add(List<Object> cells, Optional<Interval> interval) {
        cells.add(interval.<Object>map(Interval::low).orElse(NOTHING));
        cells.add(interval.<Object>map(Interval::high).orElse(NOTHING));
    }

    private static Optional<Interval> interval(Optional<Sample> minutes) {
        return minutes.flatMap(sample -> MeanInterval.logNormal(sample, Comparison.CONFIDENCE));
    }

    private static Object runs(Entry entry) {
        int counted = entry.measured().minutes().map(Sample::size).orElse(0);
        int failing = entry.measured().failing();
        return failing == 0 ? (Object) counted : counted + " of " + (counted + failing);
    }

    private static String review(Entry entry) {
        return entry.label().reviewed() ? "reviewed" : "unverified";
    }

    /** A score of fewer runs than the rules ask for is one of its own kind. */
    private static String reviewInWords(Entry entry) {
        int runs = entry.measured().minutes().map(Sample::size).orElse(0)
                + entry.measured().failing();
        return Benchmark.named(entry.task().benchmark())
                .filter(benchmark -> !entry.label().reviewed() && runs < benchmark.runs())
                .map(benchmark -> review(entry) + ", rules ask for " + benchmark.runs() + " runs")
                .orElse(review(entry));
    }

    private static Object spread(Optional<Sample> minutes) {
        return minutes.filter(Sample::repeated)
                .<Object>map(sample -> 100 * sample.variation())
                .orElse(NOTHING);
    }

    private Object smallest(Optional<Sample> minutes) {
        return minutes.filter(Sample::repeated)
                .<Object>map(
                        sample -> 100 * (detectable.smallestRatio(Math.sqrt(sample.logVariance()), sample.size()) - 1))
                .orElse(NOTHING);
    }

    private Object needed(Optional<Sample> minutes) {
        if (minutes.filter(Sample::repeated).isEmpty()) {
            return NOTHING;
        }
        OptionalInt runs = detectable.runsNeeded(Math.sqrt(minutes.get().logVariance()), 1 + wantedPercent / 100);
        return runs.isPresent() ? (Object) runs.getAsInt() : "above 10000";
    }

    private static Object mean(Optional<Sample> sample) {
        return sample.<Object>map(Sample::mean).orElse(NOTHING);
    }

    private static Object number(OptionalDouble number) {
        return number.isPresent() ? (Object) number.getAsDouble() : NOTHING;
    }

    private static Object number(OptionalLong number) {
        return number.isPresent() ? (Object) number.getAsLong() : NOTHING;
    }
}
