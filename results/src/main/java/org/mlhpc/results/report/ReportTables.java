package org.mlhpc.results.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.mlhpc.results.compare.Comparison;
import org.mlhpc.results.compare.Compatibility;
import org.mlhpc.results.compare.Decomposition;
import org.mlhpc.results.compare.Normalisation;
import org.mlhpc.results.compare.Scaling;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.CriticalBatch;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.results.statistics.MeanInterval;
import org.mlhpc.results.statistics.Sample;

/** Rows of the tables of a comparison report. */
final class ReportTables {
    /** Such as {@code 95 % interval}. */
    static final String INTERVAL = format("%.0f %% interval", 100 * Comparison.CONFIDENCE);

    static final List<String> SCORE_HEADER = List.of(
            "result",
            "division",
            "score",
            "accelerators or nodes",
            "model",
            "runs",
            "mean, min",
            INTERVAL,
            "sd, %",
            "batch",
            "epochs",
            "staging, min",
            "samples/s");
    static final List<String> COMPARISON_HEADER = List.of(
            "result",
            "with",
            "verdict",
            "speed",
            INTERVAL,
            "staging",
            "epochs",
            "training per epoch",
            "evaluation per epoch",
            "rest",
            "score rule",
            "remarks");
    static final List<String> SCALING_HEADER = List.of(
            "result", "accelerators or nodes", "batch", "minutes", "speed", "efficiency", "rate efficiency", "epochs");
    private static final Set<String> NAMED =
            Set.of("staging", "epochs to converge", "training per epoch", "evaluation per epoch", "score by mean time");
    private static final String NOT_KNOWN = "";
    private static final double FOUR_DIGITS = 1000;

    private ReportTables() {}

    static List<List<String>> scores(List<Entry> entries) {
        return entries.stream().map(ReportTables::score).toList();
    }

    private static List<String> score(Entry entry) {
        Entry.Measured measured = entry.measured();
        Optional<Sample> minutes = entry.countedMinutes();
        int runs = minutes.map(Sample::size).orElse(0);
        return List.of(
                entry.name(),
                entry.label().division(),
                (measured.score().isPresent() ? number(measured.score()) : "no score")
                        + (entry.label().reviewed() ? "" : " unverified"),
                number(entry.machine().scale()),
                entry.machine().model(),
                measured.failing() == 0 ? Integer.toString(runs) : runs + " of " + (runs + measured.failing()),
                mean(minutes),
                interval(minutes.flatMap(sample -> MeanInterval.logNormal(sample, Comparison.CONFIDENCE))),
                minutes.filter(Sample::repeated)
                        .map(sample -> format("%.1f", 100 * sample.variation()))
                        .orElse(NOT_KNOWN),
                number(entry.task().batch()),
                mean(entry.epochs()),
                measured.staging()
                        .map(staging -> (staging.minutes() < 0.01 ? "<0.01" : format("%.3g", staging.minutes()))
                                + (staging.inside() ? "" : " before"))
                        .orElse(NOT_KNOWN),
                mean(measured.samplesPerSecond()));
    }

    /** Each entry with the first one before it that it is comparable with, of its own round if there is one. */
    static List<List<String>> comparisons(List<Entry> entries) {
        var rows = new ArrayList<List<String>>();
        for (int i = 1; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            entries.subList(0, i).stream()
                    .filter(first -> Compatibility.of(first, entry).comparable())
                    .min(Comparator.comparing(
                            first -> !first.label().round().equals(entry.label().round())))
                    .ifPresent(first -> rows.add(comparison(Comparison.of(first, entry, Normalisation.NONE, false))));
        }
        return rows;
    }

    private static List<String> comparison(Comparison comparison) {
        return List.of(
                comparison.second().name(),
                comparison.first().name(),
                comparison.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                number(comparison.speed()),
                interval(comparison.interval()),
                factor(comparison, "staging"),
                factor(comparison, "epochs to converge"),
                factor(comparison, "training per epoch"),
                factor(comparison, "evaluation per epoch"),
                rest(comparison),
                factor(comparison, "score by mean time"),
                String.join("; ", comparison.compatibility().remarks()));
    }

    private static String factor(Comparison comparison, String name) {
        return factors(comparison)
                .filter(factor -> factor.name().equals(name))
                .map(factor -> format("%.3f", factor.factor()))
                .findFirst()
                .orElse(NOT_KNOWN);
    }

    private static Stream<Decomposition.Factor> factors(Comparison comparison) {
        return comparison.decomposition().stream().flatMap(parts -> parts.factors().stream());
    }

    /** The factors without a column of their own. */
    private static String rest(Comparison comparison) {
        List<Decomposition.Factor> rest = factors(comparison)
                .filter(factor -> !NAMED.contains(factor.name()))
                .toList();
        return rest.isEmpty()
                ? NOT_KNOWN
                : format(
                        "%.3f",
                        rest.stream().mapToDouble(Decomposition.Factor::factor).reduce(1, (x, y) -> x * y));
    }

    static List<List<String>> scaling(Scaling scaling) {
        return scaling.points().stream()
                .map(point -> List.of(
                        point.entry().name(),
                        Long.toString(point.scale()),
                        number(point.entry().task().batch()),
                        mean(point.entry().countedMinutes()),
                        estimate(point.speed()),
                        estimate(point.efficiency()),
                        estimate(point.throughputEfficiency()),
                        mean(point.entry().epochs())))
                .toList();
    }

    private static String estimate(Scaling.Estimate estimate) {
        return number(estimate.value())
                + estimate.interval()
                        .map(known -> " (" + interval(Optional.of(known)) + ")")
                        .orElse("");
    }

    static String convergence(Scaling scaling) {
        return scaling.convergence().map(CriticalBatch::inWords).orElse("One batch size: no curve of convergence.");
    }

    private static String interval(Optional<Interval> interval) {
        return interval.map(known -> format("%.4g to %.4g", known.low(), known.high()))
                .orElse(NOT_KNOWN);
    }

    private static String mean(Optional<Sample> sample) {
        return sample.map(known -> number(known.mean())).orElse(NOT_KNOWN);
    }

    private static String number(OptionalDouble number) {
        return number.isPresent() ? number(number.getAsDouble()) : NOT_KNOWN;
    }

    private static String number(double number) {
        return format(number >= FOUR_DIGITS ? "%,.0f" : "%.4g", number);
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : NOT_KNOWN;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
