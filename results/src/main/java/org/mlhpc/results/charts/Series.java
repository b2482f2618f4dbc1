package org.mlhpc.results.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.mlhpc.results.entry.Entry;

/**
 * Entries that look alike in charts: a round, or what belongs to none. Colour and shape both tell series apart; what is not
 * reviewed is hollow.
 *
 * @param trainSamples size of the training set of own runs, which need not be the published one; 0 for rounds and where it is
 *     not known
 */
record Series(String round, boolean reviewed, long trainSamples) {
    static final Comparator<Series> ORDER = Comparator.comparing(Series::round)
            .thenComparing(series -> !series.reviewed)
            .thenComparing(Series::trainSamples);

    private static final String OWN = "own runs";
    private static final double SIZE = 4.5;
    private static final List<String> ROUNDS = List.of("0.7", "1.0", "2.0", "3.0");
    private static final List<Color> COLOURS = List.of(Svg.ORANGE, Svg.GREEN, Svg.BLUE, Svg.VERMILION, Svg.PURPLE);

    static Series of(Entry entry) {
        String round = entry.label().round().orElse(OWN);
        long samples = round.equals(OWN) ? entry.task().trainSamples().orElse(0) : 0;
        return new Series(round, entry.label().reviewed(), samples);
    }

    String label() {
        String name = round.equals(OWN) ? OWN : "v" + round;
        if (trainSamples > 0) {
            name += String.format(Locale.ROOT, " on %,d samples", trainSamples);
        }
        return reviewed ? name : name + " (unverified)";
    }

    private int index() {
        int known = ROUNDS.indexOf(round);
        return known < 0 ? ROUNDS.size() : known;
    }

    Color colour() {
        return COLOURS.get(index());
    }

    Shape shape() {
        return switch (index()) {
            case 0 -> new Ellipse2D.Double(-SIZE, -SIZE, 2 * SIZE, 2 * SIZE);
            case 1 -> new Rectangle2D.Double(-SIZE, -SIZE, 2 * SIZE, 2 * SIZE);
            case 2 -> polygon(0, -SIZE - 1, SIZE + 1, 0, 0, SIZE + 1, -SIZE - 1, 0);
            case 3 -> polygon(0, -SIZE, SIZE, SIZE, -SIZE, SIZE);
            default -> polygon(-SIZE, -SIZE, SIZE, -SIZE, 0, SIZE);
        };
    }

    private static Shape polygon(double... points) {
        var path = new Path2D.Double();
        path.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            path.lineTo(points[i], points[i + 1]);
        }
        path.closePath();
        return path;
    }

    /** Gives series {@code index} of a chart its look. */
    void applyTo(XYLineAndShapeRenderer renderer, int index) {
        renderer.setSeriesPaint(index, colour());
        renderer.setSeriesShape(index, shape());
        renderer.setSeriesShapesFilled(index, reviewed);
        renderer.setSeriesStroke(index, new BasicStroke(1.6f));
        renderer.setSeriesLinesVisible(index, false);
        renderer.setSeriesShapesVisible(index, true);
    }
}
