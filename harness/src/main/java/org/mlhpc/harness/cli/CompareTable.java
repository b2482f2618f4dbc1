package org.mlhpc.harness.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mlhpc.results.compare.Comparison;
import org.mlhpc.results.compare.Decomposition;
import org.mlhpc.results.compare.Normalisation;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.Interval;

/** Comparisons as rows, one for each pair. */
final class CompareTable {
    private static final List<String> FACTORS = List.of(
            "staging",
            "epochs to converge",
            "training per epoch",
            "evaluation per epoch",
            "time per epoch",
            "other",
            "evaluation and other",
            "everything else",
            "score by mean time",
            "accelerators or nodes");

    private CompareTable() {}

    static String format(List<Comparison> comparisons, Normalisation normalisation, Format format) throws IOException {
        var header = new ArrayList<>(List.of(
                "benchmark",
                "metric",
                "normalisation",
                "first",
                "second",
                "first_score",
                "second_score",
                "unit",
                "first_review",
                "second_review",
                "verdict",
                "speed",
                "interval_low",
                "interval_high",
                "decomposed_speed"));
        FACTORS.forEach(name -> header.add("factor_" + name.replace(' ', '_')));
        header.add("remarks");
        var table = new Table(header.toArray(new String[0]));
        comparisons.forEach(comparison -> table.row(row(comparison, normalisation)));
        return table.format(format);
    }

    private static Object[] row(Comparison comparison, Normalisation normalisation) {
        Entry first = comparison.first();
        Entry second = comparison.second();
        Optional<Interval> interval = comparison.interval();
        var cells = new ArrayList<Object>(List.of(
                first.task().benchmark(),
                first.metricName(),
                normalisation.name().toLowerCase(Locale.ROOT),
                first.name(),
                second.name(),
                number(first.measured().score()),
                number(second.measured().score()),
                first.task().metric().unit(),
                first.label().reviewed() ? "reviewed" : "unverified",
                second.label().reviewed() ? "reviewed" : "unverified",
                comparison.verdict().name().toLowerCase(Locale.ROOT),
                number(comparison.speed()),
                interval.<Object>map(Interval::low).orElse(""),
                interval.<Object>map(Interval::high).orElse(""),
                comparison.decomposition().<Object>map(Decomposition::ratio).orElse("")));
        FACTORS.forEach(name -> cells.add(factor(comparison, name)));
        cells.add(String.join("; ", comparison.compatibility().remarks()));
        return cells.toArray();
    }

    private static Object factor(Comparison comparison, String name) {
        return comparison.decomposition().stream()
                .flatMap(parts -> parts.factors().stream())
                .filter(factor -> factor.name().equals(name))
                .<Object>map(Decomposition.Factor::factor)
                .findFirst()
                .orElse("");
    }

    private static Object number(OptionalDouble number) {
        return number.isPresent() ? (Object) number.getAsDouble() : "";
    }
}
