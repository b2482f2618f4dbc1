package org.mlhpc.results.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.title.TextTitle;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Lines, points and bands between two logarithmic axes. */
final class LogPlot {
    private static final int HEIGHT = 460;
    private static final float BAND_OPACITY = 0.18f;
    private static final double DOT = 3.5;

    private final String xLabel;
    private final String yLabel;
    private final YIntervalSeriesCollection data = new YIntervalSeriesCollection();
    private final List<Look> looks = new ArrayList<>();
    private final List<List<String>> labels = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private record Look(Color colour, boolean line, boolean dashed) {}

    LogPlot(String xLabel, String yLabel) {
        this.xLabel = xLabel;
        this.yLabel = yLabel;
    }

    /**
     * A point of a series with an interval of its height.
     *
     * @param label of what it is; empty without name
     */
    record Point(double x, double y, double low, double high, String label) {
        Point(double x, double y) {
            this(x, y, "");
        }

        Point(double x, double y, String label) {
            this(x, y, y, y, label);
        }
    }

    void addLine(String label, Color colour, boolean dashed, List<Point> points) {
        add(label, new Look(colour, true, dashed), points);
    }

    void addPoints(String label, Color colour, List<Point> points) {
        add(label, new Look(colour, false, false), points);
    }

    private void add(String label, Look look, List<Point> points) {
        // Dots stay in the order of their labels.
        var series = new YIntervalSeries(label, look.line, true);
        for (Point point : points) {
            series.add(point.x, point.y, point.low, point.high);
            rows.add(List.of(label, point.x, point.y, point.low, point.high, point.label));
        }
        labels.add(points.stream().map(Point::label).toList());
        data.addSeries(series);
        looks.add(look);
    }

    /** A line below the title. */
    void note(String text) {
        notes.add(text);
    }

    Figure figure(String key, String title) {
        JFreeChart chart = ChartFactory.createXYLineChart(
                title, xLabel, yLabel, data, PlotOrientation.VERTICAL, true, false, false);
        notes.forEach(note -> chart.addSubtitle(0, new TextTitle(note)));
        Svg.style(chart);
        XYPlot plot = chart.getXYPlot();
        plot.setDomainAxis(LogTicks.axis(xLabel, data, true));
        plot.setRangeAxis(LogTicks.of(yLabel, lowest(), highest()));
        plot.setDomainGridlinesVisible(true);
        plot.setRenderer(renderer());
        return new Figure(key, chart, HEIGHT, List.of("series", xLabel, yLabel, "low", "high", "label"), rows);
    }

    private double lowest() {
        return rows.stream().mapToDouble(row -> (Double) row.get(3)).min().orElse(1);
    }

    private double highest() {
        return rows.stream().mapToDouble(row -> (Double) row.get(4)).max().orElse(10);
    }

    private DeviationRenderer renderer() {
        var renderer = new LabelledDots(List.copyOf(labels));
        renderer.setAlpha(BAND_OPACITY);
        float[] dashes = {5, 4};
        for (int i = 0; i < looks.size(); i++) {
            Look look = looks.get(i);
            renderer.setSeriesPaint(i, look.colour);
            renderer.setSeriesFillPaint(i, look.colour);
            renderer.setSeriesLinesVisible(i, look.line);
            renderer.setSeriesShapesVisible(i, !look.line);
            renderer.setSeriesShape(i, new Ellipse2D.Double(-DOT, -DOT, 2 * DOT, 2 * DOT));
            renderer.setSeriesStroke(
                    i,
                    look.dashed
                            ? new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, dashes, 0)
                            : new BasicStroke(1.8f));
        }
        return renderer;
    }
}
