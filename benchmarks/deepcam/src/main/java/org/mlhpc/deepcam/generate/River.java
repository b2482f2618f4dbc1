package org.mlhpc.deepcam.generate;

import java.util.random.RandomGenerator;
import org.mlhpc.deepcam.data.Channel;

/**
 * An atmospheric river: a filament of moisture from the subtropics polewards and eastwards, with a low-level jet along it. Its
 * axis is a parabola; moisture and jet fall off across it as a Gaussian and towards its ends.
 *
 * @param side 1 in the northern, -1 in the southern hemisphere
 * @param from distance of its beginning and {@code to} of its end from the equator, degrees
 * @param east degrees from beginning to end
 * @param bow how far its middle lies polewards of the straight line, degrees
 * @param waterKgM2 that it adds on its axis
 * @param jet m/s
 */
record River(
        double side,
        double longitude,
        double from,
        double to,
        double east,
        double bow,
        double widthKm,
        double waterKgM2,
        double jet) {
    private static final int SEGMENTS = 48;
    private static final double SURFACE_WIND = 0.6;
    /** Widths beyond which nothing is added. */
    private static final double REACH = 2.5;

    private static final double KM_PER_DEGREE = Math.toRadians(1) * Grid.EARTH_RADIUS_KM;

    static River random(RandomGenerator random, double scale) {
        return new River(
                random.nextBoolean() ? 1 : -1,
                random.nextDouble(360),
                random.nextDouble(20, 26),
                random.nextDouble(40, 56),
                random.nextDouble(18, 45),
                random.nextDouble(-5, 5),
                Math.sqrt(scale) * random.nextDouble(180, 280),
                random.nextDouble(17, 27),
                random.nextDouble(14, 26));
    }

    private double latitude(double t) {
        return side * (from + (to - from) * t + 4 * bow * t * (1 - t));
    }

    private double latitudeSlope(double t) {
        return side * (to - from + 4 * bow * (1 - 2 * t));
    }

    void addTo(Fields fields) {
        Grid grid = fields.grid();
        double margin = REACH * widthKm / KM_PER_DEGREE;
        double low = Math.min(latitude(0), latitude(1)) - margin - Math.abs(bow);
        double high = Math.max(latitude(0), latitude(1)) + margin + Math.abs(bow);
        for (int row = grid.row(low); row <= grid.row(high); row++) {
            double eastMargin = margin / Math.max(0.2, Math.cos(Math.toRadians(grid.latitude(row))));
            int first = (int) Math.floor((longitude - eastMargin) * grid.width() / 360);
            int last = (int) Math.ceil((longitude + east + eastMargin) * grid.width() / 360);
            for (int c = first; c <= last && c - first < grid.width(); c++) {
                addTo(fields, row, Math.floorMod(c, grid.width()));
            }
        }
    }

    private void addTo(Fields fields, int row, int column) {
        Grid grid = fields.grid();
        double phi = grid.latitude(row);
        double across = Math.cos(Math.toRadians(phi)) * KM_PER_DEGREE;
        double offEast = Grid.eastOf(longitude + east / 2, grid.longitude(column)) + east / 2;
        double best = Double.MAX_VALUE;
        double nearest = 0;
        for (int i = 0; i <= SEGMENTS; i++) {
            double t = (double) i / SEGMENTS;
            double x = (offEast - east * t) * across;
            double y = (phi - latitude(t)) * KM_PER_DEGREE;
            double square = x * x + y * y;
            if (square < best) {
                best = square;
                nearest = t;
            }
        }
        double share = Math.exp(-best / (widthKm * widthKm)) * ends(nearest);
        if (best < REACH * REACH * widthKm * widthKm) {
            flow(fields, row * grid.width() + column, share, nearest, across);
        }
    }

    private void flow(Fields fields, int pixel, double share, double t, double kmPerDegreeEast) {
        double x = east * kmPerDegreeEast;
        double y = latitudeSlope(t) * KM_PER_DEGREE;
        double length = Math.hypot(x, y);
        double u = jet * share * x / length;
        double v = jet * share * y / length;
        fields.add(Channel.U850, pixel, u);
        fields.add(Channel.V850, pixel, v);
        fields.add(Channel.UBOT, pixel, SURFACE_WIND * u);
        fields.add(Channel.VBOT, pixel, SURFACE_WIND * v);
        fields.add(Channel.TMQ, pixel, waterKgM2 * share);
        fields.add(Channel.QREFHT, pixel, 2e-3 * share);
        fields.add(Channel.PRECT, pixel, 2e-7 * share);
        fields.add(Channel.T500, pixel, 2 * share);
        fields.add(Channel.TREFHT, pixel, 2 * share);
    }

    /** Full along most of the river. */
    private static double ends(double t) {
        double rim = Math.min(1, Math.min(t, 1 - t) / 0.1);
        return 0.4 + 0.6 * rim;
    }
}
