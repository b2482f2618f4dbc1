package org.mlhpc.results.charts;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.Profile;
import org.mlhpc.results.charts.LogPlot.Point;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.predict.Layout;
import org.mlhpc.roofline.predict.MeasuredCluster;
import org.mlhpc.roofline.predict.RateByThreads;

/** Operators below the roofs of a node. */
public final class RoofCharts {
    static final String INTENSITY = "FLOP per byte";
    static final String RATE = "GFLOP/s of a node";
    static final double GIGA = 1e-9;

    /** Of 27 multiply-adds of a kernel of three cells a side on 4 x 4 x 4 cells, 15.6 meet none of the zeros. */
    private static final String ABOVE =
            "Above the roof: convolutions whose products with the zeros around an image count, or a roof measured too low";

    /** Caches see more bytes than that, which nothing here counts. */
    private static final String COMPULSORY =
            "Operators have one intensity for all levels, that of compulsory bytes: each input read once, each output written once";

    private static final List<String> LEVELS = List.of("L1", "L2", "L3", "DRAM");
    private static final List<Color> LEVEL_COLOURS = List.of(Svg.PURPLE, Svg.SKY, Svg.GREEN, Svg.BLUE);

    private RoofCharts() {}

    /**
     * The classic roofline of a node with a roof for each level of memory at the threads of the run, and its operators below,
     * of all ranks of the node. Their traffic is that of their shapes, as main memory sees it at least.
     *
     * @param nodes that the run had
     */
    public static Figure hierarchy(String key, String title, MeasuredMachine machine, Profile profile, int nodes) {
        var plot = new LogPlot(INTENSITY, RATE);
        Layout layout = profile.layout(nodes);
        int threads = layout.threadsPerNode();
        List<Point> forward = operators(profile, layout.ranksPerNode(), true);
        List<Point> backward = operators(profile, layout.ranksPerNode(), false);
        double[] range = range(forward, backward);
        double peak = MeasuredCluster.arithmetic(machine, profile.precision())
                .map(rate -> rate.at(threads))
                .orElse(0.0);
        if (peak > 0) {
            plot.addLine(
                    profile.precision() + " arithmetic",
                    Svg.VERMILION,
                    false,
                    List.of(new Point(range[0], peak * GIGA), new Point(range[1], peak * GIGA)));
        }
        for (int level = 0; level < LEVELS.size(); level++) {
            Optional<Double> bandwidth = bandwidth(machine, LEVELS.get(level)).map(rate -> rate.at(threads));
            if (bandwidth.isPresent()) {
                plot.addLine(LEVELS.get(level), LEVEL_COLOURS.get(level), false, roof(bandwidth.get(), peak, range));
            }
        }
        plot.addPoints("forward", Color.DARK_GRAY, forward);
        plot.addPoints("backward", Svg.ORANGE, backward);
        if (peak > 0 && (isAbove(forward, peak) || isAbove(backward, peak))) {
            plot.note(ABOVE);
        }
        plot.note(COMPULSORY);
        return plot.figure(key, title);
    }

    private static boolean isAbove(List<Point> points, double peak) {
        return points.stream().anyMatch(point -> point.y() > peak * GIGA);
    }

    private static List<Point> operators(Profile profile, int ranks, boolean forward) {
        var points = new ArrayList<Point>();
        for (Profile.Layer layer : profile.layers()) {
            Profile.Pass pass = forward ? layer.forward() : layer.backward();
            pass.flopPerSecond()
                    .ifPresent(rate ->
                            points.add(new Point(pass.flop() / pass.memoryBytes(), rate * ranks * GIGA, layer.name())));
        }
        return points;
    }

    private static double[] range(List<Point> forward, List<Point> backward) {
        double low = 0.1;
        double high = 100;
        for (List<Point> points : List.of(forward, backward)) {
            for (Point point : points) {
                low = Math.min(low, point.x() / 2);
                high = Math.max(high, point.x() * 2);
            }
        }
        return new double[] {low, high};
    }

    /** Up to the ridge at peak / bandwidth; without a peak over the whole range. */
    private static List<Point> roof(double bandwidth, double peak, double[] range) {
        double end = peak > 0 ? Math.min(range[1], Math.max(range[0] * 1.01, peak / bandwidth)) : range[1];
        return List.of(new Point(range[0], bandwidth * range[0] * GIGA), new Point(end, bandwidth * end * GIGA));
    }

    private static Optional<RateByThreads> bandwidth(MeasuredMachine machine, String level) {
        return MeasuredCluster.rates(
                machine,
                ceiling ->
                        ceiling.resource() == Resource.MEMORY && ceiling.level().equals(level));
    }
}
