package org.mlhpc.results.charts;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.general.DatasetUtils;
import org.jfree.data.xy.XYDataset;

/** A logarithmic axis whose ticks are 1, 2 and 5 in each decade, or 1 alone if the axis spans more than three. */
final class LogTicks extends LogAxis {
    private static final long serialVersionUID = 1;
    private static final double MARGIN = 1.15;
    private static final int DECADES_WITH_ALL = 3;

    private LogTicks(String label, double low, double high) {
        super(label);
        setRange(low / MARGIN, high * MARGIN);
        setTickLabelFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        setLabelFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        setMinorTickMarksVisible(false);
    }

    /** An axis for all points of {@code data}. */
    static LogTicks axis(String label, XYDataset data, boolean domain) {
        var range = domain ? DatasetUtils.findDomainBounds(data, false) : DatasetUtils.findRangeBounds(data, false);
        return of(label, range.getLowerBound(), range.getUpperBound());
    }

    static LogTicks of(String label, double low, double high) {
        // A single value gets some room to both sides.
        return high / low < 1.5 ? new LogTicks(label, low / 1.5, high * 1.5) : new LogTicks(label, low, high);
    }

    @Override
    protected List<?> refreshTicksHorizontal(Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        return ticks(TextAnchor.TOP_CENTER);
    }

    @Override
    protected List<?> refreshTicksVertical(Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        return ticks(TextAnchor.CENTER_RIGHT);
    }

    @Override
    public List<?> refreshTicks(Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
        return RectangleEdge.isTopOrBottom(edge)
                ? refreshTicksHorizontal(graphics, area, edge)
                : refreshTicksVertical(graphics, area, edge);
    }

    private List<NumberTick> ticks(TextAnchor anchor) {
        List<NumberTick> ticks = new ArrayList<>();
        for (double value : values(getLowerBound(), getUpperBound())) {
            ticks.add(new NumberTick(value, label(value), anchor, TextAnchor.CENTER, 0));
        }
        return ticks;
    }

    static List<Double> values(double low, double high) {
        List<Double> values = new ArrayList<>();
        double[] steps = Math.log10(high / low) > DECADES_WITH_ALL ? new double[] {1} : new double[] {1, 2, 5};
        for (int decade = (int) Math.floor(Math.log10(low)); decade <= Math.log10(high); decade++) {
            for (double step : steps) {
                double value = step * Math.pow(10, decade);
                if (low <= value && value <= high) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    private static String label(double value) {
        var format =
                new DecimalFormat(value >= 1e6 ? "0E0" : "#,##0.######", DecimalFormatSymbols.getInstance(Locale.ROOT));
        return format.format(value).replace("E", "e");
    }
}
