package org.mlhpc.results.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.mlhpc.results.entry.Entry;

/** Points of entries between two logarithmic axes, with rounds as series, and curves. */
final class Scatter {
    private static final int HEIGHT = 420;
    private static final int CURVE_STEPS = 60;
    private static final Color CURVE = new Color(0x555555);

    private final TreeMap<Series, XYSeries> series = new TreeMap<>(Series.ORDER);
    private final List<XYSeries> curves = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = 0;

    private void add(Entry entry, double x, double y) {
        series.computeIfAbsent(Series.of(entry), key -> new XYSeries(key.label()))
                .add(x, y);
        rows.add(List.of(entry.name(), Series.of(entry).label(), x, y));
        lowest = Math.min(lowest, x);
        highest = Math.max(highest, x);
    }

    /** Adds the entries that have both numbers. */
    void addAll(Collection<Entry> entries, Function<Entry, Optional<Double>> x, Function<Entry, Optional<Double>> y) {
        for (Entry entry : entries) {
            Optional<Double> across = x.apply(entry).filter(value -> value > 0);
            Optional<Double> up = y.apply(entry).filter(value -> value > 0);
            if (across.isPresent() && up.isPresent()) {
                add(entry, across.get(), up.get());
            }
        }
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Adds a curve over the range of the points. */
    void addCurve(String label, Function<Double, Double> curve) {
        addCurve(label, lowest, highest, curve);
    }

    void addCurve(String label, double from, double to, Function<Double, Double> curve) {
        var line = new XYSeries(label);
        for (int i = 0; i <= CURVE_STEPS; i++) {
            double x = from * Math.pow(to / from, i / (double) CURVE_STEPS);
            line.add(x, curve.apply(x).doubleValue());
        }
        curves.add(line);
    }

    /** The figure. */
    Figure figure(String key, String title, String xLabel, String yLabel) {
        var data = new XYSeriesCollection();
        var renderer = new XYLineAndShapeRenderer(false, true);
        int index = 0;
        for (var each : series.entrySet()) {
            data.addSeries(each.getValue());
            each.getKey().applyTo(renderer, index++);
        }
        for (XYSeries curve : curves) {
            data.addSeries(curve);
            drawAsCurve(renderer, index++);
        }
        JFreeChart chart = ChartFactory.createScatterPlot(
                title, xLabel, yLabel, data, PlotOrientation.VERTICAL, true, false, false);
        Svg.style(chart);
        XYPlot plot = chart.getXYPlot();
        plot.setDomainAxis(LogTicks.axis(xLabel, data, true));
        plot.setRangeAxis(LogTicks.axis(yLabel, data, false));
        plot.setRenderer(renderer);
        plot.setDomainGridlinesVisible(true);
        return new Figure(key, chart, HEIGHT, List.of("result", "series", xLabel, yLabel), rows);
    }

    private static void drawAsCurve(XYLineAndShapeRenderer renderer, int index) {
        float[] dashes = {5, 4};
        renderer.setSeriesPaint(index, CURVE);
        renderer.setSeriesStroke(
                index, new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, dashes, 0));
        renderer.setSeriesLinesVisible(index, true);
        renderer.setSeriesShapesVisible(index, false);
    }
}
