package org.mlhpc.results.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.CategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.mlhpc.results.RunRecord;

/** Charts of one run, each as an SVG element. */
public final class RunCharts {
    private static final int HEIGHT = 300;
    private static final int BAR_HEIGHT = 26;
    private static final double LABEL_ROOM = 0.18;

    private RunCharts() {}

    /** One bar per phase, longest share readable beside it. */
    public static String timeBudget(Map<String, Double> secondsByPhase) {
        var data = new DefaultCategoryDataset();
        secondsByPhase.forEach((phase, seconds) -> data.addValue(seconds, "seconds", phase.replace('_', ' ')));
        double total = secondsByPhase.values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        JFreeChart chart = ChartFactory.createBarChart(
                "Wall time by phase", null, "seconds", data, PlotOrientation.HORIZONTAL, false, false, false);
        Svg.style(chart);
        BarRenderer bars = bars(chart, Svg.BLUE);
        bars.setDefaultItemLabelGenerator(new SecondsAndShare(total));
        bars.setDefaultItemLabelsVisible(true);
        chart.getCategoryPlot().getRangeAxis().setUpperMargin(LABEL_ROOM);
        return Svg.draw(chart, "time-budget", 90 + BAR_HEIGHT * secondsByPhase.size());
    }

    /** The target metric after each epoch, with the target as a line. */
    public static String convergence(List<RunRecord.Epoch> epochs, RunRecord.Goal target) {
        var quality = new XYSeries(target.metric());
        epochs.forEach(epoch -> quality.add(epoch.number(), epoch.quality()));
        JFreeChart chart = ChartFactory.createXYLineChart(
                "Convergence",
                "epoch",
                target.metric(),
                new XYSeriesCollection(quality),
                PlotOrientation.VERTICAL,
                false,
                false,
                false);
        Svg.style(chart);
        XYPlot plot = chart.getXYPlot();
        wholeNumbers((NumberAxis) plot.getDomainAxis());
        var line = new XYLineAndShapeRenderer(true, true);
        line.setSeriesPaint(0, Svg.BLUE);
        line.setSeriesStroke(0, new BasicStroke(2));
        line.setSeriesShape(0, new Ellipse2D.Double(-3, -3, 6, 6));
        plot.setRenderer(line);
        plot.addRangeMarker(marker(target));
        includeInRange((NumberAxis) plot.getRangeAxis(), quality, target.threshold());
        return Svg.draw(chart, "convergence", HEIGHT);
    }

    /** Training samples per second of each epoch, all ranks together. */
    public static String throughput(List<RunRecord.Epoch> epochs) {
        var data = new DefaultCategoryDataset();
        for (RunRecord.Epoch epoch : epochs) {
            Integer number = epoch.number();
            data.addValue(epoch.samplesPerSecond(), "samples/s", number);
        }
        JFreeChart chart = ChartFactory.createBarChart(
                "Training throughput", "epoch", "samples/s", data, PlotOrientation.VERTICAL, false, false, false);
        Svg.style(chart);
        bars(chart, Svg.GREEN);
        return Svg.draw(chart, "throughput", HEIGHT);
    }

    /** What the seconds of each epoch went into. */
    public static String epochTimes(List<RunRecord.Epoch> epochs) {
        var data = new DefaultCategoryDataset();
        for (RunRecord.Epoch epoch : epochs) {
            Integer number = epoch.number();
            data.addValue(epoch.trainSeconds() - epoch.stallSeconds(), "training", number);
            data.addValue(epoch.stallSeconds(), "data stall", number);
            data.addValue(epoch.evalSeconds(), "evaluation", number);
            data.addValue(epoch.checkpointSeconds(), "checkpoint", number);
        }
        JFreeChart chart = ChartFactory.createStackedBarChart(
                "Time of each epoch", "epoch", "seconds", data, PlotOrientation.VERTICAL, true, false, false);
        Svg.style(chart);
        bars(chart, Svg.BLUE, Svg.VERMILION, Svg.SKY, Svg.ORANGE);
        return Svg.draw(chart, "epoch-times", HEIGHT);
    }

    private static BarRenderer bars(JFreeChart chart, Color... colours) {
        CategoryPlot plot = chart.getCategoryPlot();
        BarRenderer bars = (BarRenderer) plot.getRenderer();
        for (int series = 0; series < colours.length; series++) {
            bars.setSeriesPaint(series, colours[series]);
        }
        bars.setMaximumBarWidth(0.08);
        return bars;
    }

    private static void wholeNumbers(NumberAxis axis) {
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits(Locale.ROOT));
        axis.setAutoRangeIncludesZero(false);
    }

    private static void includeInRange(NumberAxis axis, XYSeries series, double threshold) {
        double low = Math.min(series.getMinY(), threshold);
        double high = Math.max(series.getMaxY(), threshold);
        double margin = high > low ? 0.1 * (high - low) : 0.1 * Math.max(Math.abs(high), 1e-3);
        axis.setRange(low - margin, high + margin);
    }

    private static ValueMarker marker(RunRecord.Goal target) {
        float[] dashes = {6, 4};
        var marker = new ValueMarker(
                target.threshold(),
                Svg.VERMILION,
                new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, dashes, 0));
        marker.setLabel("target " + (target.atMost() ? "≤ " : "≥ ") + target.threshold());
        marker.setLabelAnchor(RectangleAnchor.TOP_RIGHT);
        marker.setLabelTextAnchor(TextAnchor.BOTTOM_RIGHT);
        marker.setLabelPaint(Svg.VERMILION);
        marker.setLabelBackgroundColor(new Color(255, 255, 255, 0));
        return marker;
    }

    /** Writes seconds and share of the whole beside a bar. */
    private record SecondsAndShare(double total) implements CategoryItemLabelGenerator {
        @Override
        public String generateLabel(CategoryDataset data, int row, int column) {
            double seconds = data.getValue(row, column).doubleValue();
            return String.format(Locale.ROOT, "%.4g s, %.1f %%", seconds, 100 * seconds / total);
        }

        @Override
        public String generateRowLabel(CategoryDataset data, int row) {
            return data.getRowKey(row).toString();
        }

        @Override
        public String generateColumnLabel(CategoryDataset data, int column) {
            return data.getColumnKey(column).toString();
        }
    }
}
