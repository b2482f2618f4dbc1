package org.mlhpc.harness.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mlhpc.harness.projection.Scale;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.predict.Estimate;
import org.mlhpc.roofline.predict.Projection;

/** Predictions as rows, and in a sentence. */
record ProjectionTable(List<Scale> scales) {
    /** Columns for people; the others are in the forms for programs. */
    private static final Set<String> BRIEF = Set.of(
            "nodes",
            "batch",
            "step_ms",
            "step_low",
            "step_high",
            "samples_per_s",
            "per_node_percent",
            "limited_by",
            "data",
            "epoch_s",
            "epochs",
            "train_min",
            "train_low",
            "train_high",
            "beyond_runs");

    /** For people: fewer columns, and remarks as numbered notes below them. */
    String text() throws IOException {
        List<Map<String, Object>> rows = rows();
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> row.entrySet().stream()
                .filter(cell ->
                        BRIEF.contains(cell.getKey()) && !cell.getValue().equals(""))
                .forEach(cell -> columns.add(cell.getKey())));
        columns.add("notes");
        List<String> notes = notes();
        var table = new Table(columns.toArray(new String[0]));
        for (int i = 0; i < rows.size(); i++) {
            Map<String, Object> row = rows.get(i);
            String own = remarks(scales.get(i)).stream()
                    .map(notes::indexOf)
                    .sorted()
                    .map(index -> "[" + (index + 1) + "]")
                    .collect(Collectors.joining());
            table.row(columns.stream()
                    .map(column -> column.equals("notes") ? own : row.getOrDefault(column, ""))
                    .toArray());
        }
        var text = new StringBuilder(table.format(Format.TEXT)).append('\n');
        for (int i = 0; i < notes.size(); i++) {
            text.append('[').append(i + 1).append("] ").append(notes.get(i)).append('\n');
        }
        return text.append(notes.isEmpty() ? "" : "\n").toString();
    }

    /** Everything, for programs. */
    Table table() {
        List<Map<String, Object>> rows = rows();
        List<String> columns = rows.stream()
                .max((one, other) -> Integer.compare(one.size(), other.size()))
                .map(row -> List.copyOf(row.keySet()))
                .orElse(List.of());
        var table = new Table(columns.toArray(new String[0]));
        rows.forEach(row -> table.row(
                columns.stream().map(column -> row.getOrDefault(column, "")).toArray()));
        return table;
    }

    /** Each remark once, in the order of the rows. */
    private List<String> notes() {
        return scales.stream()
                .flatMap(scale -> remarks(scale).stream())
                .distinct()
                .toList();
    }

    private static List<String> remarks(Scale scale) {
        return scale.projection()
                .map(Projection::remarks)
                .orElseGet(() -> List.of("not predicted: " + scale.obstacle()));
    }

    private List<Projection> projections() {
        return scales.stream().flatMap(scale -> scale.projection().stream()).toList();
    }

    /** How ranks lie on each node of all scales. */
    String layout() {
        return projections().stream()
                .findFirst()
                .map(Projection::layout)
                .map(layout -> layout.ranksPerNode() + " x " + layout.threadsPerRank() + " threads on each")
                .orElse("none predicted");
    }

    private static double perNode(Projection each) {
        return each.samplesPerSecond() / each.layout().nodes();
    }

    /** By column, in their order. */
    private List<Map<String, Object>> rows() {
        double first =
                projections().stream().findFirst().map(ProjectionTable::perNode).orElse(Double.NaN);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Scale scale : scales) {
            var row = new LinkedHashMap<String, Object>();
            row.put("nodes", scale.wanted().nodes());
            row.put("ranks", scale.wanted().ranks());
            row.put("batch", scale.wanted().batch());
            scale.projection().ifPresent(found -> add(row, found, first));
            row.put("remarks", String.join("; ", remarks(scale)));
            rows.add(row);
        }
        return rows;
    }

    /** @param first samples per second and node of the first scale */
    private static void add(Map<String, Object> row, Projection each, double first) {
        Estimate step = each.stepSeconds();
        row.put("step_ms", 1e3 * step.value());
        row.put("step_low", 1e3 * step.low());
        row.put("step_high", 1e3 * step.high());
        row.put("samples_per_s", each.samplesPerSecond());
        row.put("per_node_percent", 100 * perNode(each) / first);
        row.put("limited_by", each.limit());
        Arrays.stream(Resource.values())
                .forEach(resource -> row.put(
                        resource.word() + "_ms",
                        Optional.ofNullable(each.alone().get(resource))
                                .<Object>map(seconds -> 1e3 * seconds)
                                .orElse("")));
        row.put("overhead_ms", 1e3 * each.overheadSeconds());
        row.put("epoch_s", each.epochSeconds());
        row.put("evaluation_s", each.evaluationSeconds());
        row.put("staging_s", each.data().stagingSeconds());
        row.put("data", each.data().place().inWords());
        add(row, "epochs", "epochs", each.epochs(), 1);
        add(row, "train_min", "train", each.trainSeconds(), 1 / 60.0);
        row.put("time_goes_to", each.timeGoesTo().orElse(""));
        row.put("beyond_runs", each.extrapolation());
    }

    /** A value and the ends of its interval, as {@code <stem>_low} and {@code <stem>_high}; empty cells if it is not known. */
    private static void add(
            Map<String, Object> row, String name, String stem, Optional<Estimate> estimate, double unit) {
        row.put(name, estimate.<Object>map(known -> known.value() * unit).orElse(""));
        row.put(stem + "_low", estimate.<Object>map(known -> known.low() * unit).orElse(""));
        row.put(
                stem + "_high",
                estimate.<Object>map(known -> known.high() * unit).orElse(""));
    }

    /** Such as {@code limited by compute at 1 to 8 nodes, network at 16 to 64 nodes}. */
    String limits() {
        return "limited by " + ranges(Projection::limit);
    }

    /** Such as {@code time to train goes to steps at 1 to 16 nodes}; empty without times to train. */
    String whereTimeGoes() {
        return projections().stream().allMatch(each -> each.timeGoesTo().isPresent())
                ? "time to train goes to " + ranges(each -> each.timeGoesTo().orElseThrow())
                        + " more than to anything else"
                : "";
    }

    private String ranges(Function<Projection, String> word) {
        List<Projection> all = projections();
        var parts = new ArrayList<String>();
        int begin = 0;
        for (int i = 0; i < all.size(); i++) {
            if (i + 1 == all.size() || !word.apply(all.get(i + 1)).equals(word.apply(all.get(i)))) {
                parts.add(word.apply(all.get(i)) + " at "
                        + nodes(
                                all.get(begin).layout().nodes(),
                                all.get(i).layout().nodes()));
                begin = i + 1;
            }
        }
        return String.join(", ", parts);
    }

    private static String nodes(int from, int to) {
        return from == to ? from + (from == 1 ? " node" : " nodes") : from + " to " + to + " nodes";
    }
}
