package org.mlhpc.results.charts;

import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.mlhpc.results.LabelledRun;
import org.mlhpc.results.LoaderWork;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.charts.LogPlot.Point;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.MeasuredCluster;
import org.mlhpc.roofline.predict.Network;

/**
 * Steps of runs below the roofs of each channel: attained FLOP/s of a node against FLOP per byte of the channel. A roof rises
 * with the channel's rate up to the arithmetic of the threads of its run, and goes on level. Points of the same rate and
 * arithmetic share a roof and a colour.
 */
public final class ChannelCharts {
    private static final double MEGA = 1e-6;
    private static final List<Color> COLOURS =
            List.of(Svg.BLUE, Svg.VERMILION, Svg.GREEN, Svg.ORANGE, Svg.PURPLE, Svg.SKY);

    private final MeasuredMachine machine;
    private final Channel channel;
    private final Map<Roof, List<Point>> points = new LinkedHashMap<>();

    /**
     * What no run of its kind can exceed.
     *
     * @param label unique within a chart
     * @param rate bytes per second; infinite if it was not measured
     * @param peak FLOP per second
     */
    private record Roof(String label, double rate, double peak) {}

    private ChannelCharts(MeasuredMachine machine, Channel channel) {
        this.machine = machine;
        this.channel = channel;
    }

    /**
     * A panel for each channel over which {@code runs} are known to have moved bytes; its key is {@code channel-} and the
     * channel. Bytes of memory and storage are those of a node, those of the network those over a rank's link in an all-reduce.
     * Storage has those that it had to deliver, under the run's limit or at direct reads. Runs without a profile, or in a
     * precision whose arithmetic was not measured, are left out.
     *
     * @param machine that the runs were made on
     */
    public static List<Figure> of(MeasuredMachine machine, List<LabelledRun> runs) {
        var figures = new ArrayList<Figure>();
        for (Channel channel : Channel.values()) {
            var chart = new ChannelCharts(machine, channel);
            runs.forEach(chart::add);
            if (!chart.points.isEmpty()) {
                figures.add(chart.figure());
            }
        }
        return figures;
    }

    private void add(LabelledRun run) {
        run.record()
                .profile()
                .filter(profile ->
                        MeasuredCluster.arithmetic(machine, profile.precision()).isPresent())
                .ifPresent(profile -> add(run, profile));
    }

    private void add(LabelledRun run, Profile profile) {
        int nodes = run.record().machine().nodes();
        double flop = profile.stepFlop() / nodes;
        double bytes = profile.stepBytes(channel) * share(run.record(), profile);
        if (bytes > 0 && flop > 0) {
            points.computeIfAbsent(roof(profile, nodes), any -> new ArrayList<>())
                    .add(new Point(flop / bytes, flop / profile.meanStepSeconds() * RoofCharts.GIGA, run.label()));
        }
    }

    /** Of the bytes of all ranks, what passes the roof that is drawn. */
    private double share(RunRecord run, Profile profile) {
        double ranks = profile.ranks();
        return switch (channel) {
            case MEMORY -> 1.0 / run.machine().nodes();
            case STORAGE ->
                LoaderWork.of(run).storageShare().orElse(0.0) / run.machine().nodes();
            case NETWORK -> 2 * (ranks - 1) / (ranks * ranks);
        };
    }

    private Roof roof(Profile profile, int nodes) {
        int threads = profile.layout(nodes).threadsPerNode();
        Cluster cluster = MeasuredCluster.of(
                machine, profile.precision(), new MeasuredCluster.Further(Optional.empty(), Optional.empty()));
        double rate =
                switch (channel) {
                    case MEMORY -> cluster.memory().at(threads);
                    case STORAGE -> profile.storageLimit().orElse(cluster.storage());
                    case NETWORK ->
                        cluster.network().map(Network::bytesPerSecond).orElse(Double.POSITIVE_INFINITY);
                };
        String limit = channel == Channel.STORAGE
                ? profile.storageLimit()
                        .map(held -> String.format(Locale.ROOT, "held to %.4g MB/s, ", held * MEGA))
                        .orElse("direct reads, ")
                : "";
        String label = limit + profile.precision() + ", " + threads + (threads == 1 ? " thread" : " threads");
        return new Roof(label, rate, cluster.compute().at(threads));
    }

    private Figure figure() {
        String name = channel.name().toLowerCase(Locale.ROOT);
        var plot = new LogPlot(RoofCharts.INTENSITY, RoofCharts.RATE);
        double low = lowest();
        double high = highest();
        int index = 0;
        for (Map.Entry<Roof, List<Point>> each : points.entrySet()) {
            Color colour = COLOURS.get(index++ % COLOURS.size());
            plot.addLine("roof, " + each.getKey().label, colour, false, line(each.getKey(), low, high));
            plot.addPoints("steps, " + each.getKey().label, colour, each.getValue());
        }
        return plot.figure("channel-" + name, "Steps below the roofs of " + name);
    }

    /** Half of the lowest intensity of points and ridges, so that both parts of each roof are seen. */
    private double lowest() {
        double ridge = ridges().min().orElse(Double.POSITIVE_INFINITY);
        return Math.min(ridge, intensities().min().orElse(1)) / 2;
    }

    private double highest() {
        double ridge = ridges().max().orElse(0);
        return 2 * Math.max(ridge, intensities().max().orElse(1));
    }

    private DoubleStream intensities() {
        return points.values().stream().flatMap(List::stream).mapToDouble(Point::x);
    }

    private DoubleStream ridges() {
        return points.keySet().stream()
                .filter(roof -> !Double.isInfinite(roof.rate))
                .mapToDouble(roof -> roof.peak / roof.rate);
    }

    /** Level alone where the rate was not measured. */
    private static List<Point> line(Roof roof, double low, double high) {
        double peak = roof.peak * RoofCharts.GIGA;
        if (Double.isInfinite(roof.rate)) {
            return List.of(new Point(low, peak), new Point(high, peak));
        }
        return List.of(
                new Point(low, roof.rate * low * RoofCharts.GIGA),
                new Point(roof.peak / roof.rate, peak),
                new Point(high, peak));
    }
}
