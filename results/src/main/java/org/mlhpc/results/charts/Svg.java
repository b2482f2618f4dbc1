package org.mlhpc.results.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Rectangle2D;
import java.util.Optional;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.ViewBox;

/** The look that all charts share, and their way into SVG. */
final class Svg {
    /** Colours that colour-blind readers can tell apart: Okabe and Ito, "Color Universal Design", 2008. */
    static final Color BLUE = new Color(0x0072B2);

    static final Color VERMILION = new Color(0xD55E00);
    static final Color GREEN = new Color(0x009E73);
    static final Color ORANGE = new Color(0xE69F00);
    static final Color SKY = new Color(0x56B4E9);
    static final Color PURPLE = new Color(0xCC79A7);

    static final int WIDTH = 760;
    private static final Color GRID = new Color(0xD8D8D8);
    private static final Color TEXT = new Color(0x333333);
    private static final String FONT = Font.SANS_SERIF;

    private Svg() {}

    /**
     * Draws a chart.
     *
     * @param key prefix of the identifiers in the SVG text; different for each chart of a page
     * @param height in pixels; the width is the same for all charts
     */
    static String draw(JFreeChart chart, String key, int height) {
        return draw(chart, key, WIDTH, height);
    }

    static String draw(JFreeChart chart, String key, int width, int height) {
        var graphics = new SVGGraphics2D(width, height);
        graphics.setDefsKeyPrefix(key);
        chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
        return graphics.getSVGElement(key, false, new ViewBox(0, 0, width, height), null, null);
    }

    /** Gives a new chart the common look. Colours of its series are set after this call, which resets them. */
    static void style(JFreeChart chart) {
        theme().apply(chart);
        chart.setBackgroundPaint(Color.WHITE);
        // Room for half of the last tick label.
        chart.setPadding(new RectangleInsets(2, 2, 2, 18));
        if (chart.getPlot() instanceof CategoryPlot plot) {
            plot.setRangeGridlinePaint(GRID);
            plot.setRangeGridlineStroke(new BasicStroke(1));
        } else if (chart.getPlot() instanceof XYPlot plot) {
            plot.setRangeGridlinePaint(GRID);
            plot.setRangeGridlineStroke(new BasicStroke(1));
            plot.setDomainGridlinesVisible(false);
        }
        chart.getPlot().setOutlineVisible(false);
        Optional.ofNullable(chart.getLegend()).ifPresent(legend -> legend.setBorder(0, 0, 0, 0));
    }

    private static StandardChartTheme theme() {
        var theme = new StandardChartTheme("mlhpc");
        theme.setExtraLargeFont(new Font(FONT, Font.BOLD, 15));
        theme.setLargeFont(new Font(FONT, Font.PLAIN, 13));
        theme.setRegularFont(new Font(FONT, Font.PLAIN, 12));
        theme.setSmallFont(new Font(FONT, Font.PLAIN, 11));
        theme.setTitlePaint(TEXT);
        theme.setAxisLabelPaint(TEXT);
        theme.setTickLabelPaint(TEXT);
        theme.setItemLabelPaint(TEXT);
        theme.setPlotBackgroundPaint(Color.WHITE);
        theme.setShadowVisible(false);
        theme.setBarPainter(new StandardBarPainter());
        return theme;
    }
}
