package org.mlhpc.results.charts;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.RooflineFit;

/**
 * What each resource would need alone in each run, stacked, beside the measured step: a step as long as its stack overlaps
 * nothing, one as long as the longest part overlaps everything.
 */
public final class StackedTimes {
    private static final int ROW_HEIGHT = 24;
    private static final String OVERHEAD = "overhead";

    private StackedTimes() {}

    /** The figure, in percent of the measured step. */
    public static Figure of(String key, String title, RooflineFit fit) {
        var parts = new DefaultCategoryDataset();
        var measured = new DefaultCategoryDataset();
        var rows = new ArrayList<List<Object>>();
        for (RooflineFit.Residual run : fit.residuals()) {
            for (Resource resource : Resource.values()) {
                String name = resource.word();
                Optional.ofNullable(run.aloneSeconds().get(resource))
                        .ifPresent(seconds -> add(parts, rows, run, name, seconds));
            }
            add(parts, rows, run, OVERHEAD, fit.model().overheadSeconds());
            measured.addValue(100, "measured step", run.label());
        }
        JFreeChart chart = ChartFactory.createStackedBarChart(
                title, null, "% of the measured step", parts, PlotOrientation.HORIZONTAL, true, false, false);
        Svg.style(chart);
        CategoryPlot plot = chart.getCategoryPlot();
        BarRenderer bars = (BarRenderer) plot.getRenderer();
        // Series are in the order in which runs have them, which need not be that of resources.
        for (int i = 0; i < parts.getRowCount(); i++) {
            bars.setSeriesPaint(i, colour((String) parts.getRowKey(i)));
        }
        plot.setDataset(1, measured);
        var dots = new LineAndShapeRenderer(false, true);
        dots.setSeriesPaint(0, Color.BLACK);
        dots.setSeriesShape(0, new Ellipse2D.Double(-3, -3, 6, 6));
        plot.setRenderer(1, dots);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        int height = 120 + ROW_HEIGHT * fit.residuals().size();
        return new Figure(key, chart, height, List.of("run", "part", "ms", "percent_of_step"), rows);
    }

    private static Color colour(String part) {
        return Arrays.stream(Resource.values())
                .filter(resource -> resource.word().equals(part))
                .findFirst()
                .map(PredictionCharts::colour)
                .orElse(Color.LIGHT_GRAY);
    }

    private static void add(
            DefaultCategoryDataset parts,
            List<List<Object>> rows,
            RooflineFit.Residual run,
            String part,
            double seconds) {
        double percent = 100 * seconds / run.measuredSeconds();
        parts.addValue(percent, part, run.label());
        rows.add(List.of(run.label(), part, 1e3 * seconds, percent));
    }
}
