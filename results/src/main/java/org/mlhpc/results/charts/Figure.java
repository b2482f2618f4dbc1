package org.mlhpc.results.charts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.jfree.chart.JFreeChart;
import org.mlhpc.results.Csv;

/** A chart and the numbers that it shows. */
public final class Figure {
    private static final int PNG_SCALE = 2;
    private static final int WIDTH = 960;

    private final String key;
    private final JFreeChart chart;
    private final int height;
    private final List<String> header;
    private final List<List<Object>> rows;

    /**
     * Puts a figure together.
     *
     * @param key its name among files and in pages
     * @param height in pixels
     * @param header columns of its numbers, with units
     * @param rows its numbers; an empty text is a number that there is not
     */
    Figure(String key, JFreeChart chart, int height, List<String> header, List<List<Object>> rows) {
        this.key = key;
        this.chart = chart;
        this.height = height;
        this.header = List.copyOf(header);
        this.rows = List.copyOf(rows);
    }

    public String key() {
        return key;
    }

    public String title() {
        return chart.getTitle().getText();
    }

    /** Columns of the numbers. */
    public List<String> header() {
        return header;
    }

    /** The numbers, as texts with six significant digits. */
    public List<List<String>> texts() {
        List<List<String>> texts = new ArrayList<>();
        for (List<Object> row : rows) {
            texts.add(row.stream().map(Figure::text).toList());
        }
        return texts;
    }

    private static String text(Object cell) {
        return cell instanceof Double number ? String.format(Locale.ROOT, "%.6g", number) : cell.toString();
    }

    /** The chart as an SVG element, which is a whole file too. */
    public String svg() {
        return Svg.draw(chart, key, WIDTH, height);
    }

    /** The chart as a PNG file, at twice the size for print. */
    public byte[] png() {
        var image = chart.createBufferedImage(WIDTH * PNG_SCALE, height * PNG_SCALE, WIDTH, height, null);
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot draw " + key, e);
        }
        return bytes.toByteArray();
    }

    /** The numbers as a CSV file, unrounded. */
    public String csv() {
        return Csv.of(header, rows);
    }
}
