package org.mlhpc.harness.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mlhpc.results.compare.Comparison;
import org.mlhpc.results.compare.ScaleUp;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.roofline.Quantile;

/**
 * Predictions of published times by one rule, as rows and in words.
 *
 * @param across whether smaller scales are of several machines
 */
record ScaleUpTable(ScaleUp.Rule rule, boolean across, ScaleUp.Predictions predictions) {
    private static final List<String> COLUMNS = List.of(
            "benchmark",
            "system",
            "result",
            "scales",
            "scale",
            "from",
            "batch",
            "law",
            "minutes",
            "predicted",
            "low",
            "high",
            "error_percent",
            "rate_error_percent",
            "convergence_error_percent",
            "remarks");

    boolean isEmpty() {
        return predictions.predicted().isEmpty() && predictions.skipped().isEmpty();
    }

    /** As member of JSON. */
    String name() {
        return rule.name().toLowerCase(Locale.ROOT) + (across ? "_across_machines" : "");
    }

    String heading() {
        String who =
                across ? "Across machines of one submitter and generation of accelerator" : "Each system from itself";
        return who
                + (rule == ScaleUp.Rule.STRICT
                        ? ", nothing known but its smaller scales (--strict)"
                        : ", samples to convergence from all other results, staging as published");
    }

    Table table() {
        var table = new Table(COLUMNS.toArray(new String[0]));
        predictions.predicted().forEach(each -> table.row(row(each)));
        predictions.skipped().forEach(each -> table.row(without(each)));
        return table;
    }

    private Object[] row(ScaleUp each) {
        return new Object[] {
            each.benchmark(),
            each.system(),
            each.target().name(),
            each.scales(),
            scale(each.target()),
            String.join(
                    "+",
                    each.basis().stream()
                            .map(entry -> basis(entry, each.target()))
                            .toList()),
            each.target().task().batch().orElseThrow(),
            each.law(),
            minutes(each.target()),
            each.minutes().value(),
            each.minutes().interval().<Object>map(Interval::low).orElse(""),
            each.minutes().interval().<Object>map(Interval::high).orElse(""),
            100 * each.errors().minutes(),
            100 * each.errors().samplesPerSecond(),
            100 * each.errors().samplesToConverge(),
            remarks(each)
        };
    }

    /** With its machine, where there are several; with what it does not share with the target. */
    private String basis(Entry entry, Entry target) {
        String text = across ? ScaleUp.machineOf(entry) + ":" + scale(entry) : String.valueOf(scale(entry));
        String round = entry.label().round().equals(target.label().round())
                ? ""
                : " of " + entry.label().round().orElseThrow();
        return text + (sameDivision(entry, target) ? "" : " " + entry.label().division()) + round;
    }

    private static boolean sameDivision(Entry entry, Entry target) {
        return entry.label().division().equals(target.label().division());
    }

    private static String remarks(ScaleUp each) {
        var remarks = new ArrayList<String>();
        if (each.minutes().interval().isEmpty()) {
            remarks.add("two batch sizes or one result: no interval");
        }
        if (!each.basis().stream().allMatch(entry -> sameDivision(entry, each.target()))) {
            remarks.add("from another division");
        }
        return String.join("; ", remarks);
    }

    private static Object[] without(ScaleUp.Skipped skipped) {
        Object[] row = new Object[COLUMNS.size()];
        Arrays.fill(row, "");
        Entry target = skipped.target();
        row[COLUMNS.indexOf("benchmark")] = target.task().benchmark();
        row[COLUMNS.indexOf("system")] = ScaleUp.machineOf(target);
        row[COLUMNS.indexOf("result")] = target.name();
        row[COLUMNS.indexOf("scale")] = scale(target);
        row[COLUMNS.indexOf("batch")] = target.task().batch().orElseThrow();
        row[COLUMNS.indexOf("minutes")] = minutes(target);
        row[COLUMNS.indexOf("remarks")] = "not predicted: " + skipped.reason();
        return row;
    }

    private static double minutes(Entry entry) {
        return entry.measured().minutes().orElseThrow().mean();
    }

    private static long scale(Entry entry) {
        return entry.machine().scale().orElseThrow();
    }

    /** How many were predicted, and how well. */
    String inWords() {
        int skipped = predictions.skipped().size();
        String left = skipped == 0 ? "" : String.format(Locale.ROOT, "; %d not predicted", skipped);
        return errors() + left;
    }

    private String errors() {
        double[] errors = predictions.predicted().stream()
                .mapToDouble(each -> Math.abs(each.errors().minutes()))
                .toArray();
        if (errors.length == 0) {
            return "no prediction";
        }
        List<Boolean> held = predictions.predicted().stream()
                .flatMap(each -> each.held().stream())
                .toList();
        return String.format(
                Locale.ROOT,
                "%d %s: median absolute error %.1f %%, largest %.1f %%; %d of %d intervals of %.0f %% hold the"
                        + " published time",
                errors.length,
                errors.length == 1 ? "prediction" : "predictions",
                100 * Quantile.of(errors, 0.5),
                100 * Quantile.of(errors, 1),
                held.stream().filter(each -> each).count(),
                held.size(),
                100 * Comparison.CONFIDENCE);
    }
}
