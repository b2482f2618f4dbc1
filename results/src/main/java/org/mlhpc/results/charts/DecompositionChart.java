package org.mlhpc.results.charts;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.StackedBarRenderer;
import org.jfree.data.category.DefaultCategoryDataset;
import org.mlhpc.results.entry.Entry;

/** Where the time of each entry goes, as stacked bars of shares. */
final class DecompositionChart {
    private static final int ROW_HEIGHT = 21;
    private static final int FRAME_HEIGHT = 110;

    private DecompositionChart() {}

    /** Absent if no time is known. */
    static Optional<Figure> of(String benchmark, Collection<Entry> entries) {
        var data = new DefaultCategoryDataset();
        var rows = new ArrayList<List<Object>>();
        for (Entry entry : entries) {
            entry.measured().minutes().ifPresent(minutes -> TimeParts.of(entry, minutes.mean())
                    .forEach((part, value) -> {
                        data.addValue(100 * value / minutes.mean(), part, label(entry, minutes.mean()));
                        rows.add(List.of(entry.name(), part, value, 100 * value / minutes.mean()));
                    }));
        }
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        JFreeChart chart = ChartFactory.createStackedBarChart(
                "Where the time to train of " + benchmark + " goes",
                null,
                "share of the mean run, %",
                data,
                PlotOrientation.HORIZONTAL,
                true,
                false,
                false);
        style(chart);
        return Optional.of(new Figure(
                benchmark + "-decomposition",
                chart,
                FRAME_HEIGHT + ROW_HEIGHT * data.getColumnCount(),
                List.of("result", "part", "minutes", "share_percent"),
                rows));
    }

    private static String label(Entry entry, double minutes) {
        return String.format(
                Locale.ROOT,
                "%s, %.4g min%s",
                entry.name(),
                minutes,
                entry.label().reviewed() ? "" : " (unverified)");
    }

    private static void style(JFreeChart chart) {
        Svg.style(chart);
        var plot = chart.getCategoryPlot();
        plot.getDomainAxis()
                .setTickLabelFont(plot.getDomainAxis().getTickLabelFont().deriveFont(11f));
        plot.getDomainAxis().setMaximumCategoryLabelWidthRatio(0.55f);
        plot.getDomainAxis().setCategoryLabelPositions(CategoryLabelPositions.STANDARD);
        plot.getRangeAxis().setRange(0, 100);
        var bars = (StackedBarRenderer) plot.getRenderer();
        Map<String, Color> colours = TimeParts.colours();
        for (int i = 0; i < plot.getDataset().getRowCount(); i++) {
            bars.setSeriesPaint(i, colours.get(plot.getDataset().getRowKey(i).toString()));
        }
    }
}
