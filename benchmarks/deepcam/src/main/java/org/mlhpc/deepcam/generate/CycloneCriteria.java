package org.mlhpc.deepcam.generate;

import java.util.function.IntToDoubleFunction;
import org.mlhpc.deepcam.data.Channel;
import org.mlhpc.deepcam.data.PixelClass;

/**
 * Labels tropical cyclones by the criteria of Vitart et al. (1997) and Knutson et al. (2007), which TECA (Prabhat et al. 2012)
 * applies to climate models. A centre is a place
 *
 * <ul>
 *   <li>within 40 degrees of the equator, with the lowest pressure at sea level within {@link #CORE_KM}, at least
 *       {@link #DEPTH_PA} below the mean at {@link #RING_KM};
 *   <li>with cyclonic vorticity of {@link #VORTICITY} at 850 hPa,
 *   <li>warmer by {@link #WARM_CORE} in the mean of 200 and 500 hPa than at {@link #RING_KM},
 *   <li>and with winds of {@link #WIND} in the lowest level, each within {@link #CORE_KM}.
 * </ul>
 *
 * The pixels within {@link #RING_KM} of it that have such winds belong to the cyclone, and so do those in its eye, where the
 * pressure lies closer to that of the centre than to that of the ring.
 *
 * @param scale of distances, relative to nature
 */
record CycloneCriteria(double scale) {
    static final double HIGHEST_LATITUDE = 40;
    static final double CORE_KM = 250;
    static final double RING_KM = 500;
    static final double DEPTH_PA = 400;
    /** 1/s. */
    static final double VORTICITY = 3.5e-5;
    /** K. */
    static final double WARM_CORE = 0.8;
    /** m/s, that of a tropical storm. */
    static final double WIND = 17;

    private static final int RING_POINTS = 24;

    void label(Fields fields, byte[] labels) {
        Grid grid = fields.grid();
        for (int row = grid.row(-HIGHEST_LATITUDE); row <= grid.row(HIGHEST_LATITUDE); row++) {
            for (int column = 0; column < grid.width(); column++) {
                if (isCentre(fields, row, column)) {
                    mark(fields, row, column, labels);
                }
            }
        }
    }

    private boolean isCentre(Fields fields, int row, int column) {
        float[] pressure = fields.of(Channel.PSL);
        int pixel = row * fields.grid().width() + column;
        return isLowest(fields, row, column, 1.5 * fields.grid().rowKm())
                && ring(fields, row, column, i -> pressure[i]) - pressure[pixel] >= DEPTH_PA
                && isLowest(fields, row, column, scale * CORE_KM)
                && isWarm(fields, row, column)
                && turnsAndBlows(fields, row, column);
    }

    private static boolean isLowest(Fields fields, int row, int column, double km) {
        Grid grid = fields.grid();
        double centre = fields.get(Channel.PSL, row, column);
        boolean[] lowest = {true};
        grid.around(grid.latitude(row), grid.longitude(column), km, (r, c, distance) -> {
            double other = fields.get(Channel.PSL, r, c);
            // Of equal ones the first counts.
            boolean before = r < row || (r == row && c < column);
            lowest[0] &= other > centre || (other == centre && !before);
        });
        return lowest[0];
    }

    /** Mean over a circle. */
    private double ring(Fields fields, int row, int column, IntToDoubleFunction value) {
        Grid grid = fields.grid();
        double degrees = Math.toDegrees(scale * RING_KM / Grid.EARTH_RADIUS_KM);
        double sum = 0;
        for (int i = 0; i < RING_POINTS; i++) {
            double angle = 2 * Math.PI * i / RING_POINTS;
            double latitude = grid.latitude(row) + degrees * Math.sin(angle);
            double east = degrees * Math.cos(angle) / Math.cos(Math.toRadians(latitude));
            sum += value.applyAsDouble(grid.row(latitude) * grid.width() + grid.column(grid.longitude(column) + east));
        }
        return sum / RING_POINTS;
    }

    private boolean isWarm(Fields fields, int row, int column) {
        float[] middle = fields.of(Channel.T500);
        float[] high = fields.of(Channel.T200);
        IntToDoubleFunction mean = pixel -> (middle[pixel] + high[pixel]) / 2;
        Grid grid = fields.grid();
        double[] warmest = {Double.NEGATIVE_INFINITY};
        around(
                grid,
                row,
                column,
                CORE_KM,
                (r, c, km) -> warmest[0] = Math.max(warmest[0], mean.applyAsDouble(r * grid.width() + c)));
        return warmest[0] - ring(fields, row, column, mean) >= WARM_CORE;
    }

    private boolean turnsAndBlows(Fields fields, int row, int column) {
        Grid grid = fields.grid();
        double[] most = {0, 0};
        around(grid, row, column, CORE_KM, (r, c, km) -> {
            most[0] = Math.max(most[0], cyclonicVorticity(fields, r, c));
            most[1] = Math.max(most[1], fields.speed(Channel.UBOT, Channel.VBOT, r * grid.width() + c));
        });
        return most[0] >= VORTICITY / scale && most[1] >= WIND;
    }

    /** Of the wind at 850 hPa, by central differences, 1/s. */
    static double cyclonicVorticity(Fields fields, int row, int column) {
        Grid grid = fields.grid();
        int south = Math.max(0, row - 1);
        int north = Math.min(grid.height() - 1, row + 1);
        int west = Math.floorMod(column - 1, grid.width());
        int east = (column + 1) % grid.width();
        double dv = fields.get(Channel.V850, row, east) - fields.get(Channel.V850, row, west);
        double du = fields.get(Channel.U850, north, column) - fields.get(Channel.U850, south, column);
        double vorticity = dv / (2000 * grid.columnKm(row)) - du / ((north - south) * 1000 * grid.rowKm());
        return vorticity * Math.signum(grid.latitude(row));
    }

    private void mark(Fields fields, int row, int column, byte[] labels) {
        Grid grid = fields.grid();
        float[] pressure = fields.of(Channel.PSL);
        double centre = pressure[row * grid.width() + column];
        double midway = (centre + ring(fields, row, column, i -> pressure[i])) / 2;
        around(grid, row, column, RING_KM, (r, c, km) -> {
            int pixel = r * grid.width() + c;
            if (fields.speed(Channel.UBOT, Channel.VBOT, pixel) >= WIND || pressure[pixel] < midway) {
                labels[pixel] = PixelClass.TROPICAL_CYCLONE.label();
            }
        });
    }

    private void around(Grid grid, int row, int column, double km, Grid.Visitor visitor) {
        grid.around(grid.latitude(row), grid.longitude(column), scale * km, visitor);
    }
}
