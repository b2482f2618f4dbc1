package org.mlhpc.results.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mlhpc.results.Profile;
import org.mlhpc.results.charts.Figure;

/**
 * The operators of a profiled run: what they do, how fast, and how far below the roofs.
 *
 * @param roofs of the machine that it ran on; empty if they are not known
 * @param figure of them below the roofs, if there is one
 */
record OperatorTable(Profile profile, Optional<Roofs> roofs, Optional<Figure> figure) {
    private static final double MILLI = 1e3;
    private static final double GIGA = 1e-9;
    private static final double MEGA = 1e-6;
    private static final double PERCENT = 100;
    private static final List<String> PASS_COLUMNS =
            List.of("GFLOP", "MB", "ms", "GFLOP/s", "GB/s", "limit", "attained %");

    void addTo(HtmlPage page) {
        if (profile.layers().isEmpty()) {
            return;
        }
        page.heading(3, "Operators");
        page.sortableTable(columns(), profile.layers().stream().map(this::row).toList());
        figure.ifPresent(drawn -> page.figure(drawn.svg()));
        page.paragraph(
                "For the batch of one rank; median times of separate steps after the run. GFLOP of convolutions and"
                        + " matrix products, as executed: the gradient of the network's input is not. MB of memory traffic that"
                        + " the shapes demand; what caches keep makes the rate higher than main memory can deliver.");
    }

    private List<String> columns() {
        var columns = new ArrayList<String>(List.of("operator", "output"));
        for (String direction : List.of("forward ", "backward ")) {
            columns.add(direction + PASS_COLUMNS.get(0));
            columns.addAll(PASS_COLUMNS.subList(1, PASS_COLUMNS.size()));
            if (hasFit()) {
                columns.add(ProfileSection.FITTED_LIMIT);
            }
        }
        return columns;
    }

    private boolean hasFit() {
        return roofs.flatMap(Roofs::model).isPresent();
    }

    private List<String> row(Profile.Layer layer) {
        String shape = layer.output().isEmpty()
                ? "scalar"
                : layer.output().stream().map(Object::toString).collect(Collectors.joining(" x "));
        var row = new ArrayList<String>(List.of(layer.name(), shape));
        row.addAll(cells(layer.forward()));
        row.addAll(cells(layer.backward()));
        return row;
    }

    private List<String> cells(Profile.Pass pass) {
        var cells = new ArrayList<String>(List.of(
                flop(pass),
                format("%.4g", pass.memoryBytes() * MEGA),
                time(pass),
                rate(pass.flopPerSecond()),
                rate(pass.bytesPerSecond()),
                limit(roofs.flatMap(each -> each.of(pass))),
                attained(pass)));
        if (hasFit()) {
            cells.add(limit(roofs.flatMap(each -> each.fitted(pass))));
        }
        return cells;
    }

    private static String limit(Optional<Roofs.Bound> bound) {
        return bound.map(known -> known.resource().word()).orElse("");
    }

    private String attained(Profile.Pass pass) {
        return roofs.flatMap(each -> each.of(pass))
                .flatMap(bound ->
                        pass.seconds().map(taken -> format("%.1f", PERCENT * bound.seconds() / taken.median())))
                .orElse("");
    }

    private static String flop(Profile.Pass pass) {
        return pass.flop() == 0 ? "" : format("%.4g", pass.flop() * GIGA);
    }

    private static String time(Profile.Pass pass) {
        return pass.seconds()
                .map(spread -> format("%.4g", spread.median() * MILLI))
                .orElse("");
    }

    private static String rate(Optional<Double> perSecond) {
        return perSecond.map(value -> format("%.4g", value * GIGA)).orElse("");
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
