package org.mlhpc.harness.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mlhpc.harness.projection.Scale;
import org.mlhpc.roofline.predict.Estimate;
import org.mlhpc.roofline.predict.Projection;

/** Predictions as rows, and in a sentence. */
record ProjectionTable(List<Scale> scales) {
    private static final List<String> COLUMNS = List.of(
            "nodes",
            "ranks",
            "batch",
            "step_ms",
            "step_low",
            "step_high",
            "samples_per_s",
            "per_node_percent",
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

    Table table() {
        var table = new Table(COLUMNS.toArray(new String[0]));
        double first =
                projections().stream().findFirst().map(ProjectionTable::perNode).orElse(Double.NaN);
        for (Scale scale : scales) {
            table.row(scale.projection().map(found -> row(found, first)).orElseGet(() -> without(scale)));
        }
        return table;
    }

    private List<Projection> projections() {
        return scales.stream().flatMap(scale -> scale.projection().stream()).toList();
    }

    private static double perNode(Projection each) {
        return each.samplesPerSecond() / each.layout().nodes();
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

    /** @param first samples per second and node of the first scale */
    private static Object[] row(Projection each, double first) {
        Estimate step = each.stepSeconds();
        return new Object[] {
            each.layout().nodes(),
            each.layout().ranks(),
            Math.round(each.batch()),
            1e3 * step.value(),
            1e3 * step.low(),
            1e3 * step.high(),
            each.samplesPerSecond(),
            100 * perNode(each) / first,
            each.limit(),
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

    /** Such as {@code limited by compute at 1 to 8 nodes, network at 16 to 64 nodes}. */
    String limits() {
        List<Projection> all = projections();
        var parts = new ArrayList<String>();
        int begin = 0;
        for (int i = 0; i < all.size(); i++) {
            if (i + 1 == all.size() || !all.get(i + 1).limit().equals(all.get(i).limit())) {
                parts.add(all.get(i).limit() + " at "
                        + nodes(
                                all.get(begin).layout().nodes(),
                                all.get(i).layout().nodes()));
                begin = i + 1;
            }
        }
        return "limited by " + String.join(", ", parts);
    }

    private static String nodes(int from, int to) {
        return from == to ? from + (from == 1 ? " node" : " nodes") : from + " to " + to + " nodes";
    }
}
