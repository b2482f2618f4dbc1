package org.mlhpc.results.charts;

import java.awt.Color;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.charts.LogPlot.Point;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.Layout;
import org.mlhpc.roofline.predict.MeasuredCluster;
import org.mlhpc.roofline.predict.Network;
import org.mlhpc.roofline.predict.RateByThreads;

/** Operators and runs below the roofs of a node. */
public final class RoofCharts {
    private static final String INTENSITY = "FLOP per byte";
    private static final String RATE = "GFLOP/s of a node";
    private static final double GIGA = 1e-9;
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
        return plot.figure(key, title);
    }

    private static List<Point> operators(Profile profile, int ranks, boolean forward) {
        var points = new ArrayList<Point>();
        for (Profile.Layer layer : profile.layers()) {
            Profile.Pass pass = forward ? layer.forward() : layer.backward();
            pass.flopPerSecond()
                    .ifPresent(rate -> points.add(new Point(pass.flop() / pass.memoryBytes(), rate * ranks * GIGA)));
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

    /**
     * Attained FLOP/s of a node of each run against the intensity on its memory and on the link of a rank, below the roof of
     * each with all threads of the machine that they ran on; runs without a profile are left out. Storage has no roof here: what loaders read comes from the page cache, or is limited.
     */
    public static Figure channels(String key, String title, Cluster cluster, List<RunRecord> runs) {
        var plot = new LogPlot(INTENSITY, RATE);
        Map<Channel, List<Point>> points = new EnumMap<>(Channel.class);
        for (RunRecord run : runs) {
            run.profile()
                    .ifPresent(profile -> add(points, profile, run.machine().nodes()));
        }
        points.forEach((channel, own) -> {
            String name = channel.name().toLowerCase(Locale.ROOT);
            double rate = rate(cluster, channel);
            double low = own.stream().mapToDouble(Point::x).min().orElse(1) / 2;
            double high = own.stream().mapToDouble(Point::x).max().orElse(1) * 2;
            if (!Double.isInfinite(rate)) {
                plot.addLine(name + " roof", colour(channel), false, roof(rate, 0, new double[] {low, high}));
            }
            plot.addPoints(name, colour(channel), own);
        });
        return plot.figure(key, title);
    }

    private static void add(Map<Channel, List<Point>> points, Profile run, int nodes) {
        double flop = flop(run) / nodes;
        for (Channel channel : List.of(Channel.MEMORY, Channel.NETWORK)) {
            double bytes = bytes(run, channel) * share(run, channel, nodes);
            if (bytes > 0 && flop > 0) {
                points.computeIfAbsent(channel, any -> new ArrayList<>())
                        .add(new Point(flop / bytes, flop / run.meanStepSeconds() * GIGA));
            }
        }
    }

    /** Bytes are summed over ranks; a roof of the network is that of one rank's link in an all-reduce. */
    private static double share(Profile run, Channel channel, int nodes) {
        double ranks = run.ranks();
        return channel == Channel.NETWORK ? 2 * (ranks - 1) / (ranks * ranks) : 1.0 / nodes;
    }

    private static double rate(Cluster cluster, Channel channel) {
        return switch (channel) {
            case MEMORY -> cluster.memory().byThreads().lastEntry().getValue();
            case STORAGE -> cluster.storage();
            case NETWORK -> cluster.network().map(Network::bytesPerSecond).orElse(Double.POSITIVE_INFINITY);
        };
    }

    private static Color colour(Channel channel) {
        return switch (channel) {
            case MEMORY -> Svg.BLUE;
            case STORAGE -> Svg.GREEN;
            case NETWORK -> Svg.ORANGE;
        };
    }

    private static double flop(Profile run) {
        return run.phases().stream()
                .filter(phase -> phase.per().equals(Profile.STEP))
                .mapToDouble(phase -> phase.flop().orElse(0.0))
                .sum();
    }

    private static double bytes(Profile run, Channel channel) {
        return run.phases().stream()
                .filter(phase -> phase.per().equals(Profile.STEP))
                .mapToDouble(phase -> phase.bytes().getOrDefault(channel, 0.0))
                .sum();
    }
}
