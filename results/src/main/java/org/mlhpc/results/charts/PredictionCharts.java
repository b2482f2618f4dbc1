package org.mlhpc.results.charts;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.results.LabelledRun;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.charts.LogPlot.Point;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.predict.Estimate;
import org.mlhpc.roofline.predict.Projection;

/**
 * Charts of a fit and of what it predicts.
 *
 * @param projections in order of nodes
 * @param runs that have been measured, of the same task in the same precision and without a storage limit; those with a
 *     predicted layout and batch are drawn
 * @param confidence of the intervals, such as 0.95
 */
public record PredictionCharts(List<Projection> projections, List<LabelledRun> runs, double confidence) {
    private static final double SECONDS_PER_MINUTE = 60;
    private static final double MILLI = 1e3;

    public PredictionCharts {
        projections = List.copyOf(projections);
        runs = List.copyOf(runs);
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
                .map(each -> new Point(MILLI * each.measuredSeconds(), MILLI * each.fittedSeconds(), each.label()))
                .toList();
    }

    /** Step times against nodes with their intervals, and what each resource would need alone. */
    public Figure stepsByNodes(String key, String title) {
        var plot = new LogPlot("nodes", "step, ms");
        plot.addLine(
                "step, " + percent(),
                Color.DARK_GRAY,
                false,
                projections.stream()
                        .map(each -> point(each, each.stepSeconds(), MILLI))
                        .toList());
        for (Resource resource : Resource.values()) {
            List<Point> alone = projections.stream()
                    .filter(each -> each.alone().getOrDefault(resource, 0.0) > 0)
                    .map(each -> new Point(
                            each.layout().nodes(), MILLI * each.alone().getOrDefault(resource, 0.0)))
                    .toList();
            if (!alone.isEmpty()) {
                plot.addLine(resource.word() + " alone", colour(resource), true, alone);
            }
        }
        addMeasured(
                plot,
                runs.stream()
                        .filter(run -> isPredicted(run.record()))
                        .flatMap(run -> run.record().profile().stream()
                                .map(profile -> measured(run, MILLI * profile.meanStepSeconds())))
                        .toList());
        return plot.figure(key, title);
    }

    private static void addMeasured(LogPlot plot, List<Point> points) {
        if (!points.isEmpty()) {
            plot.addPoints("measured", Svg.VERMILION, points);
        }
    }

    private static Point measured(LabelledRun run, double time) {
        return new Point(run.record().machine().nodes(), time, run.label());
    }

    private boolean isPredicted(RunRecord run) {
        return run.profile().stream().anyMatch(profile -> projections.stream()
                .anyMatch(each -> each.layout().nodes() == run.machine().nodes()
                        && each.layout().ranks() == profile.ranks()
                        && each.layout().threadsPerRank() == profile.threadsPerRank()
                        && each.batch() == profile.samplesPerStep()));
    }

    /**
     * Times to train against nodes with their intervals, measured ones of runs that reached their target; empty if none is
     * predicted.
     */
    public Optional<Figure> timesByNodes(String key, String title) {
        List<Point> points = projections.stream()
                .filter(each -> each.trainSeconds().isPresent())
                .map(each -> point(each, each.trainSeconds().orElseThrow(), 1 / SECONDS_PER_MINUTE))
                .toList();
        if (points.isEmpty()) {
            return Optional.empty();
        }
        var plot = new LogPlot("nodes", "time to train, minutes (unverified)");
        plot.addLine("predicted, " + percent(), Svg.BLUE, false, points);
        addMeasured(
                plot,
                runs.stream()
                        .filter(run -> run.record().status().equals("success") && isPredicted(run.record()))
                        .map(run -> measured(run, run.record().runSeconds() / SECONDS_PER_MINUTE))
                        .toList());
        return Optional.of(plot.figure(key, title));
    }

    private String percent() {
        return String.format(Locale.ROOT, "%.0f %%", 100 * confidence);
    }

    private static Point point(Projection each, Estimate estimate, double unit) {
        return new Point(
                each.layout().nodes(), estimate.value() * unit, estimate.low() * unit, estimate.high() * unit, "");
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
}
