package org.mlhpc.results.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mlhpc.results.Profile;
import org.mlhpc.results.charts.RoofCharts;

/**
 * The operators of a profiled run: what they do, how fast, and how far below the roofs.
 *
 * @param nodes that the run had
 * @param roofs of the machine that it ran on; empty if they are not known
 */
record OperatorTable(Profile profile, int nodes, Optional<Roofs> roofs) {
    private static final double MILLI = 1e3;
    private static final double GIGA = 1e-9;
    private static final double MEGA = 1e-6;
    private static final double PERCENT = 100;
    private static final List<String> COLUMNS = List.of(
            "operator",
            "output",
            "forward GFLOP",
            "MB",
            "ms",
            "GFLOP/s",
            "GB/s",
            "limit",
            "attained %",
            "backward GFLOP",
            "MB",
            "ms",
            "GFLOP/s",
            "GB/s",
            "limit",
            "attained %");

    void addTo(HtmlPage page) {
        if (profile.layers().isEmpty()) {
            return;
        }
        page.heading(3, "Operators");
        page.sortableTable(COLUMNS, profile.layers().stream().map(this::row).toList());
        roofs.ifPresent(known -> page.figure(
                RoofCharts.hierarchy("operators", "Operators below the roofs", known.machine(), profile, nodes)
                        .svg()));
        page.paragraph(
                "For the batch of one rank; median times of separate steps after the run. GFLOP of convolutions and"
                        + " matrix products, as executed: the gradient of the network's input is not. MB of memory traffic that"
                        + " the shapes demand; what caches keep makes the rate higher than main memory can deliver.");
    }

    private List<String> row(Profile.Layer layer) {
        String shape = layer.output().isEmpty()
                ? "scalar"
                : layer.output().stream().map(Object::toString).collect(Collectors.joining(" x "));
        Profile.Pass forward = layer.forward();
        Profile.Pass backward = layer.backward();
        return List.of(
                layer.name(),
                shape,
                flop(forward),
                format("%.4g", forward.memoryBytes() * MEGA),
                time(forward),
                rate(forward.flopPerSecond()),
                rate(forward.bytesPerSecond()),
                limit(forward),
                attained(forward),
                flop(backward),
                format("%.4g", backward.memoryBytes() * MEGA),
                time(backward),
                rate(backward.flopPerSecond()),
                rate(backward.bytesPerSecond()),
                limit(backward),
                attained(backward));
    }

    private String limit(Profile.Pass pass) {
        return roofs.flatMap(each -> each.of(pass))
                .map(bound -> bound.resource().word())
                .orElse("");
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
