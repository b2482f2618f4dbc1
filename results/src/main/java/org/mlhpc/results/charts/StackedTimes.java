package org.mlhpc.results.charts;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.category.DefaultCategoryDataset;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.RooflineFit;

/**
 * What each resource would need alone, stacked, beside the measured time and its bound: a time as long as its stack overlaps
 * nothing, one as long as the longest part overlaps everything.
 */
public final class StackedTimes {
    private static final int ROW_HEIGHT = 24;
    private static final String OVERHEAD = "overhead";
    private static final String MEASURED = "measured";
    /** Between the parts of a label. */
    private static final String SEPARATOR = ", ";
    /** Of the chart, at most for labels. */
    private static final float LABELS = 0.45f;

    private final DefaultCategoryDataset parts = new DefaultCategoryDataset();
    private final DefaultCategoryDataset marks = new DefaultCategoryDataset();
    private final List<List<Object>> rows = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final String shared;
    private final String bound;

    /**
     * One bar.
     *
     * @param label of a run or phase; repeated ones are numbered
     * @param wholeSeconds that count as 100 %
     * @param aloneSeconds of each resource
     * @param overheadSeconds that no resource explains
     * @param boundSeconds the time that follows from the parts; empty if it is not known
     */
    public record Bar(
            String label,
            double wholeSeconds,
            double measuredSeconds,
            Map<Resource, Double> aloneSeconds,
            double overheadSeconds,
            Optional<Double> boundSeconds) {}

    /** @param shared what all labels begin with */
    private StackedTimes(String shared, String bound) {
        this.shared = shared;
        this.bound = bound;
    }

    /** A bar for each fitted run, in percent of its measured step. */
    public static Figure of(String key, String title, RooflineFit fit) {
        return of(
                key,
                title,
                "fitted",
                fit.residuals().stream()
                        .map(run -> new Bar(
                                run.label(),
                                run.measuredSeconds(),
                                run.measuredSeconds(),
                                run.aloneSeconds(),
                                fit.model().overheadSeconds(),
                                Optional.of(run.fittedSeconds())))
                        .toList());
    }

    /**
     * The figure.
     *
     * @param bound what the bounds are called
     */
    public static Figure of(String key, String title, String bound, List<Bar> bars) {
        String shared = sharedStart(bars.stream().map(Bar::label).toList());
        var times = new StackedTimes(shared, bound);
        bars.forEach(times::add);
        return new Figure(
                key,
                times.chart(title),
                120 + ROW_HEIGHT * bars.size(),
                List.of("bar", "part", "ms", "percent_of_step"),
                times.rows);
    }

    /** The parts, each with its comma, that all begin with and none ends with. */
    private static String sharedStart(List<String> labels) {
        String first = labels.isEmpty() ? "" : labels.get(0);
        int end = first.lastIndexOf(SEPARATOR);
        while (end > 0) {
            String start = first.substring(0, end + SEPARATOR.length());
            if (labels.stream().allMatch(label -> label.startsWith(start))) {
                return start;
            }
            end = first.lastIndexOf(SEPARATOR, end - 1);
        }
        return "";
    }

    private void add(Bar bar) {
        int before = seen.merge(bar.label, 1, Integer::sum);
        String label = before == 1 ? bar.label : bar.label + " (" + before + ")";
        for (Resource resource : Resource.values()) {
            Optional.ofNullable(bar.aloneSeconds.get(resource))
                    .ifPresent(seconds -> add(parts, label, resource.word(), seconds, bar.wholeSeconds));
        }
        if (bar.overheadSeconds > 0) {
            add(parts, label, OVERHEAD, bar.overheadSeconds, bar.wholeSeconds);
        }
        bar.boundSeconds.ifPresent(seconds -> add(marks, label, bound, seconds, bar.wholeSeconds));
        add(marks, label, MEASURED, bar.measuredSeconds, bar.wholeSeconds);
    }

    private void add(DefaultCategoryDataset data, String label, String part, double seconds, double whole) {
        double percent = 100 * seconds / whole;
        data.addValue(percent, part, label.substring(shared.length()));
        rows.add(List.of(label, part, 1e3 * seconds, percent));
    }

    private JFreeChart chart(String title) {
        JFreeChart chart = ChartFactory.createStackedBarChart(
                title, null, "% of the measured step", parts, PlotOrientation.HORIZONTAL, true, false, false);
        if (!shared.isEmpty()) {
            chart.addSubtitle(0, new TextTitle(shared.substring(0, shared.length() - SEPARATOR.length())));
        }
        Svg.style(chart);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(LABELS);
        BarRenderer bars = (BarRenderer) plot.getRenderer();
        // Series are in the order in which bars have them, which need not be that of resources.
        for (int i = 0; i < parts.getRowCount(); i++) {
            bars.setSeriesPaint(i, colour((String) parts.getRowKey(i)));
        }
        plot.setDataset(1, marks);
        var shapes = new LineAndShapeRenderer(false, true);
        for (int i = 0; i < marks.getRowCount(); i++) {
            shapes.setSeriesPaint(i, Color.BLACK);
            shapes.setSeriesShape(i, mark((String) marks.getRowKey(i)));
        }
        plot.setRenderer(1, shapes);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        return chart;
    }

    /** A dot for what was measured, a line across the bar for its bound. */
    private static Shape mark(String name) {
        return name.equals(MEASURED) ? new Ellipse2D.Double(-3, -3, 6, 6) : new Rectangle2D.Double(-1, -9, 2, 18);
    }

    private static Color colour(String part) {
        return Arrays.stream(Resource.values())
                .filter(resource -> resource.word().equals(part))
                .findFirst()
                .map(PredictionCharts::colour)
                .orElse(Color.LIGHT_GRAY);
    }
}
