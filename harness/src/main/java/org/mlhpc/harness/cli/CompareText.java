package org.mlhpc.harness.cli;

import java.util.List;
import java.util.Locale;
import org.mlhpc.results.compare.Comparison;
import org.mlhpc.results.compare.Decomposition;
import org.mlhpc.results.compare.Normalisation;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.Sample;

/** Comparisons in words. */
final class CompareText {
    private final StringBuilder text = new StringBuilder();
    private final Normalisation normalisation;

    private CompareText(Normalisation normalisation) {
        this.normalisation = normalisation;
    }

    static String format(List<Comparison> comparisons, Normalisation normalisation) {
        var all = new CompareText(normalisation);
        comparisons.forEach(all::add);
        return all.text.toString();
    }

    /** Name, division and batch size, which tell results of one system apart. */
    static String described(Entry entry) {
        return entry.name()
                + (entry.label().division().isEmpty()
                        ? ""
                        : ", " + entry.label().division())
                + (entry.task().batch().isPresent()
                        ? ", batch " + entry.task().batch().getAsLong()
                        : "");
    }

    private void add(Comparison comparison) {
        Entry first = comparison.first();
        text.append(first.task().benchmark() + ", " + first.task().metric().label() + normalisation.suffix() + "\n");
        line("A  " + score(first));
        line("B  " + score(comparison.second()));
        line(verdict(comparison));
        comparison.decomposition().ifPresent(this::addFactors);
        comparison.compatibility().remarks().forEach(remark -> line("note: " + remark));
        text.append('\n');
    }

    private void line(String content) {
        text.append("  ").append(content).append('\n');
    }

    private static String score(Entry entry) {
        String score = entry.measured().score().isPresent()
                ? number(entry.measured().score().getAsDouble()) + " "
                        + entry.task().metric().unit()
                : "no score";
        String scale = entry.machine().scale().isPresent()
                ? ", " + entry.machine().scale().getAsLong()
                        + (entry.machine().accelerators().orElse(0) > 0 ? " accelerators" : " nodes")
                : "";
        return described(entry) + scale + ": " + score + (entry.label().reviewed() ? "" : " (unverified)")
                + runs(entry);
    }

    private static String runs(Entry entry) {
        int failing = entry.measured().failing();
        return entry.measured()
                .minutes()
                .map(minutes -> ", " + minutes.size() + (minutes.size() == 1 ? " run" : " runs")
                        + (minutes.repeated() ? " with a spread of " + percent(minutes) : "")
                        + (failing == 0 ? "" : ", " + failing + " failed"))
                .orElse("");
    }

    private static String percent(Sample minutes) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * minutes.variation());
    }

    static String verdict(Comparison comparison) {
        String speed = comparison.speed().isPresent()
                ? number(comparison.speed().getAsDouble()) + " times as fast as A"
                : "speeds are not known";
        String interval = comparison
                .interval()
                .map(known ->
                        " (95 % interval of mean times " + number(known.low()) + " to " + number(known.high()) + ")")
                .orElse("; a single measurement has no known spread");
        return switch (comparison.verdict()) {
            case FASTER -> "B is faster: " + speed + interval;
            case SLOWER -> "B is slower: " + speed + interval;
            case CANNOT_TELL -> "cannot tell: B looks " + speed + interval;
            case NOT_COMPARABLE -> "not comparable, no verdict (--anyway gives one)";
        };
    }

    private void addFactors(Decomposition parts) {
        line("because, in factors whose product is " + number(parts.ratio()) + ":");
        for (Decomposition.Factor factor : parts.factors()) {
            line(String.format(
                    Locale.ROOT,
                    "  %-22s x %-8s A %s, B %s%s",
                    factor.name(),
                    String.format(Locale.ROOT, "%.4f", factor.factor()),
                    number(factor.first()),
                    number(factor.second()),
                    factor.unit().equals("1") ? "" : " " + factor.unit()));
        }
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
