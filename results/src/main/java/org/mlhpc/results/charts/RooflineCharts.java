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
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.Estimate;
import org.mlhpc.roofline.predict.Network;
import org.mlhpc.roofline.predict.Projection;

/** Charts of rooflines: what limits operators and runs, and what is predicted. */
public final class RooflineCharts {
    private static final String INTENSITY = "FLOP per byte";
    private static final String RATE = "GFLOP/s";
    private static final double GIGA = 1e-9;
    private static final double SECONDS_PER_MINUTE = 60;
    private static final List<String> LEVELS = List.of("L1", "L2", "L3", "DRAM");
    private static final List<Color> LEVEL_COLOURS = List.of(Svg.PURPLE, Svg.SKY, Svg.GREEN, Svg.BLUE);

    private RooflineCharts() {}

    /**
     * The classic roofline with a roof for each level of memory, and the operators of a run below it. Their traffic is that of
     * their shapes, as main memory sees it at least.
     */
    public static Figure hierarchy(String key, String title, MeasuredMachine machine, Profile profile) {
        var plot = new LogPlot(INTENSITY, RATE);
        int threads = profile.ranks() * profile.threadsPerRank();
        List<Point> forward = operators(profile, true);
        List<Point> backward = operators(profile, false);
        double[] range = range(forward, backward);
        double peak = compute(machine, profile.precision(), threads).orElse(0.0);
        if (peak > 0) {
            plot.addLine(
                    profile.precision() + " arithmetic",
                    Svg.VERMILION,
                    false,
                    List.of(new Point(range[0], peak * GIGA), new Point(range[1], peak * GIGA)));
        }
        for (int level = 0; level < LEVELS.size(); level++) {
            Optional<Double> bandwidth = bandwidth(machine, LEVELS.get(level), threads);
            if (bandwidth.isPresent()) {
                plot.addLine(LEVELS.get(level), LEVEL_COLOURS.get(level), false, roof(bandwidth.get(), peak, range));
            }
        }
        plot.addPoints("forward", Color.DARK_GRAY, forward);
        plot.addPoints("backward", Svg.ORANGE, backward);
        return plot.figure(key, title);
    }

    private static List<Point> operators(Profile profile, boolean forward) {
        var points = new ArrayList<Point>();
        for (Profile.Layer layer : profile.layers()) {
            Profile.Pass pass = forward ? layer.forward() : layer.backward();
            pass.flopPerSecond()
                    .ifPresent(rate ->
                            points.add(new Point(pass.flop() / pass.memoryBytes(), rate * profile.ranks() * GIGA)));
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

    private static Optional<Double> compute(MeasuredMachine machine, String precision, int threads) {
        return best(machine, Resource.COMPUTE, "engine", precision, threads);
    }

    private static Optional<Double> bandwidth(MeasuredMachine machine, String level, int threads) {
        return best(machine, Resource.MEMORY, level, "", threads);
    }

    /** The highest rate with at most {@code threads}. */
    private static Optional<Double> best(
            MeasuredMachine machine, Resource resource, String level, String precision, int threads) {
        return machine.ceilings().stream()
                .filter(ceiling -> ceiling.resource() == resource
                        && ceiling.level().equals(level)
                        && (precision.isEmpty() || ceiling.precision().equals(precision))
                        && ceiling.threads() <= threads)
                .map(MeasuredCeiling::rate)
                .map(rate -> rate.median())
                .max(Double::compare);
    }

    /**
     * Attained FLOP/s of runs against their intensity on memory and network, below the roof of each with all threads of the
     * machine that they ran on. Storage has no roof here: what loaders read comes from the page cache, or is limited.
     */
    public static Figure channels(String key, String title, Cluster cluster, List<Profile> runs) {
        var plot = new LogPlot(INTENSITY, RATE);
        Map<Channel, List<Point>> points = new EnumMap<>(Channel.class);
        for (Profile run : runs) {
            double flop = flop(run);
            for (Channel channel : List.of(Channel.MEMORY, Channel.NETWORK)) {
                double bytes = bytes(run, channel) * busShare(run, channel);
                if (bytes > 0 && flop > 0) {
                    points.computeIfAbsent(channel, any -> new ArrayList<>())
                            .add(new Point(flop / bytes, flop / run.meanStepSeconds() * GIGA));
                }
            }
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

    /** Payload is summed over ranks, a roof of the network is that of one rank's link in an all-reduce. */
    private static double busShare(Profile run, Channel channel) {
        double ranks = run.ranks();
        return channel == Channel.NETWORK ? 2 * (ranks - 1) / (ranks * ranks) : 1;
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

    static Color colour(Resource resource) {
        return switch (resource) {
            case COMPUTE -> Svg.VERMILION;
            case MEMORY -> Svg.BLUE;
            case STORAGE -> Svg.GREEN;
            case NETWORK -> Svg.ORANGE;
            case LOADER -> Svg.PURPLE;
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

    /** Fitted against measured step times: on the diagonal they agree. */
    public static Figure fitted(String key, String title, RooflineFit fit, List<RooflineFit.Residual> heldOut) {
        var plot = new LogPlot("measured step, ms", "fitted step, ms");
        List<Point> seen = steps(fit.residuals());
        double low = seen.stream().mapToDouble(Point::x).min().orElse(1);
        double high = seen.stream().mapToDouble(Point::x).max().orElse(1);
        plot.addLine("equal", Color.GRAY, true, List.of(new Point(low, low), new Point(high, high)));
        plot.addPoints("fitted", Svg.BLUE, seen);
        plot.addPoints("predicted from the other runs", Svg.VERMILION, steps(heldOut));
        return plot.figure(key, title);
    }

    private static List<Point> steps(List<RooflineFit.Residual> residuals) {
        return residuals.stream()
                .map(each -> new Point(1e3 * each.measuredSeconds(), 1e3 * each.fittedSeconds()))
                .toList();
    }

    /**
     * Step times against nodes with their intervals, and what each resource would need alone.
     *
     * @param runs that have been measured; those with a predicted layout and batch are drawn
     */
    public static Figure stepsByNodes(String key, String title, List<Projection> projections, List<RunRecord> runs) {
        var plot = new LogPlot("nodes", "step, ms");
        plot.addLine(
                "step, 95 %",
                Color.DARK_GRAY,
                false,
                projections.stream()
                        .map(each -> point(each, each.stepSeconds(), 1e3))
                        .toList());
        for (Resource resource : Resource.values()) {
            List<Point> alone = projections.stream()
                    .filter(each -> each.alone().getOrDefault(resource, 0.0) > 0)
                    .map(each ->
                            new Point(each.layout().nodes(), 1e3 * each.alone().getOrDefault(resource, 0.0)))
                    .toList();
            if (!alone.isEmpty()) {
                plot.addLine(resource.name().toLowerCase(Locale.ROOT) + " alone", colour(resource), true, alone);
            }
        }
        addMeasured(
                plot,
                runs.stream()
                        .filter(run -> isPredicted(run, projections))
                        .flatMap(run -> run.profile().stream()
                                .map(profile -> new Point(run.machine().nodes(), 1e3 * profile.meanStepSeconds())))
                        .toList());
        return plot.figure(key, title);
    }

    private static void addMeasured(LogPlot plot, List<Point> points) {
        if (!points.isEmpty()) {
            plot.addPoints("measured", Svg.VERMILION, points);
        }
    }

    private static boolean isPredicted(RunRecord run, List<Projection> projections) {
        return run.profile().stream().anyMatch(profile -> projections.stream()
                .anyMatch(each -> each.layout().nodes() == run.machine().nodes()
                        && each.layout().ranks() == profile.ranks()
                        && each.layout().threadsPerRank() == profile.threadsPerRank()
                        && each.batch() == profile.samplesPerStep()));
    }

    /**
     * Times to train against nodes with their intervals; empty if none is predicted.
     *
     * @param runs that have been measured; those that reached their target with a predicted layout and batch are drawn
     */
    public static Optional<Figure> timesByNodes(
            String key, String title, List<Projection> projections, List<RunRecord> runs) {
        List<Point> points = projections.stream()
                .filter(each -> each.trainSeconds().isPresent())
                .map(each -> point(each, each.trainSeconds().orElseThrow(), 1 / SECONDS_PER_MINUTE))
                .toList();
        if (points.isEmpty()) {
            return Optional.empty();
        }
        var plot = new LogPlot("nodes", "time to train, minutes (unverified)");
        plot.addLine("predicted, 95 %", Svg.BLUE, false, points);
        addMeasured(
                plot,
                runs.stream()
                        .filter(run -> run.status().equals("success") && isPredicted(run, projections))
                        .map(run -> new Point(run.machine().nodes(), run.runSeconds() / SECONDS_PER_MINUTE))
                        .toList());
        return Optional.of(plot.figure(key, title));
    }

    private static Point point(Projection each, Estimate estimate, double unit) {
        return new Point(each.layout().nodes(), estimate.value() * unit, estimate.low() * unit, estimate.high() * unit);
    }
}
