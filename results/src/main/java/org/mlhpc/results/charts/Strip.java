package org.mlhpc.results.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.mlhpc.results.entry.Entry;

/** One line of points for each entry. */
final class Strip {
    private static final int ROW_HEIGHT = 19;
    private static final int FRAME_HEIGHT = 120;
    private static final Color GRID = new Color(0xE6E6E6);

    /** A point of an entry. */
    private record Point(int row, Series series, double value) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();

    void add(Entry entry, List<Double> values) {
        entries.add(entry);
        for (Double value : values) {
            points.add(new Point(entries.size() - 1, Series.of(entry), value));
            rows.add(List.of(entry.name(), Series.of(entry).label(), value));
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The figure, its first entry at the top. */
    Figure figure(String key, String title, String label, boolean logarithmic) {
        var data = new XYSeriesCollection();
        var renderer = new XYLineAndShapeRenderer(false, true);
        var bySeries = new TreeMap<Series, XYSeries>(Series.ORDER);
        for (Point point : points) {
            bySeries.computeIfAbsent(point.series, series -> new XYSeries(series.label()))
                    .add(point.value, entries.size() - 1.0 - point.row);
        }
        int index = 0;
        for (var each : bySeries.entrySet()) {
            data.addSeries(each.getValue());
            each.getKey().applyTo(renderer, index++);
        }
        JFreeChart chart =
                ChartFactory.createScatterPlot(title, label, null, data, PlotOrientation.VERTICAL, true, false, false);
        Svg.style(chart);
        lay(chart.getXYPlot(), data, renderer, label, logarithmic);
        int height = FRAME_HEIGHT + ROW_HEIGHT * entries.size();
        return new Figure(key, chart, height, List.of("result", "series", label), rows);
    }

    private void lay(
            XYPlot plot, XYSeriesCollection data, XYLineAndShapeRenderer renderer, String label, boolean logarithmic) {
        var names = new ArrayList<>(entries.stream().map(Entry::name).toList());
        Collections.reverse(names);
        var axis = new SymbolAxis(null, names.toArray(new String[0]));
        axis.setTickLabelFont(plot.getRangeAxis().getTickLabelFont().deriveFont(11f));
        axis.setGridBandsVisible(false);
        axis.setRange(-0.7, entries.size() - 0.3);
        plot.setRangeAxis(axis);
        if (logarithmic) {
            plot.setDomainAxis(LogTicks.axis(label, data, true));
        } else {
            ((NumberAxis) plot.getDomainAxis()).setAutoRangeIncludesZero(false);
        }
        plot.setRenderer(renderer);
        plot.setDomainGridlinesVisible(true);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(new BasicStroke(0.8f));
    }
}
