package org.mlhpc.results.charts;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Map;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.entity.EntityCollection;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.data.xy.XYDataset;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.SVGHints;
import org.jspecify.annotations.Nullable;

/** Draws lines, bands and dots; in SVG a dot with a label has it as its title, which browsers show below the pointer. */
final class LabelledDots extends DeviationRenderer {
    private static final long serialVersionUID = 1;

    /** By series and item; empty texts where there is no label. */
    private final transient List<List<String>> labels;

    LabelledDots(List<List<String>> labels) {
        super(true, true);
        this.labels = labels;
    }

    @Override
    protected void drawSecondaryPass(
            Graphics2D graphics,
            XYPlot plot,
            XYDataset data,
            int pass,
            int series,
            int item,
            ValueAxis across,
            Rectangle2D area,
            ValueAxis up,
            CrosshairState crosshair,
            @Nullable EntityCollection entities) {
        String label = labels.get(series).get(item);
        boolean titled = graphics instanceof SVGGraphics2D && getItemShapeVisible(series, item) && !label.isEmpty();
        if (titled) {
            graphics.setRenderingHint(SVGHints.KEY_BEGIN_GROUP, Map.of());
            graphics.setRenderingHint(SVGHints.KEY_ELEMENT_TITLE, label);
        }
        super.drawSecondaryPass(graphics, plot, data, pass, series, item, across, area, up, crosshair, entities);
        if (titled) {
            graphics.setRenderingHint(SVGHints.KEY_END_GROUP, "");
        }
    }
}
