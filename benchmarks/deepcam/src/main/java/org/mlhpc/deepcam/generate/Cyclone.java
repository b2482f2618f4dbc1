package org.mlhpc.deepcam.generate;

import java.util.random.RandomGenerator;
import org.mlhpc.deepcam.data.Channel;

/**
 * A tropical cyclone with the profile of Holland (1980, equations 1 and 5): at distance r from the centre the pressure is
 * p = pc + dp exp(-(R / r)^B) and the gradient wind V = sqrt(B dp / rho (R / r)^B exp(-(R / r)^B) + (r f / 2)^2) - r |f| / 2.
 *
 * @param deficitPa dp, of the centre below the surroundings
 * @param radiusKm R, of the strongest wind
 * @param shape B
 */
record Cyclone(double latitude, double longitude, double deficitPa, double radiusKm, double shape) {
    /** Air, kg/m3. */
    private static final double DENSITY = 1.15;

    /** Surface winds turn inwards by about this (degrees). */
    private static final double INFLOW = 20;

    private static final double SURFACE_WIND = 0.85;
    /** Where the profile is faded out, in radii. */
    private static final double REACH = 14;

    private static final double PA_PER_METRE = 11.8;
    private static final double STRONG_PA = 5000;

    static Cyclone random(RandomGenerator random, double scale) {
        double side = random.nextBoolean() ? 1 : -1;
        return new Cyclone(
                side * random.nextDouble(9, 30),
                random.nextDouble(360),
                random.nextDouble(2500, 7500),
                scale * random.nextDouble(30, 60),
                random.nextDouble(1.2, 2));
    }

    /** Below the surroundings, Pa. */
    double deficit(double km) {
        return deficitPa * (1 - Math.exp(-Math.pow(radiusKm / km, shape)));
    }

    /** Of the gradient wind, m/s. */
    double speed(double km) {
        double ratio = Math.pow(radiusKm / km, shape);
        double rotation = km * 1000 * Math.abs(Grid.coriolis(latitude)) / 2;
        return Math.sqrt(shape * deficitPa / DENSITY * ratio * Math.exp(-ratio) + rotation * rotation) - rotation;
    }

    void addTo(Fields fields) {
        Grid grid = fields.grid();
        grid.around(latitude, longitude, REACH * radiusKm, (row, column, km) -> {
            double r = Math.max(km, 0.05 * radiusKm);
            double fade = fade(r / (REACH * radiusKm));
            int pixel = row * grid.width() + column;
            pressure(fields, pixel, fade * deficit(r));
            wind(fields, row, column, fade * speed(r));
            warmCore(fields, pixel, r);
            water(fields, pixel, r);
        });
    }

    /** From 1 to 0 where {@code x} goes from 0 to 1, flat at both ends. */
    private static double fade(double x) {
        double rest = Math.max(0, 1 - x * x);
        return rest * rest;
    }

    private static void pressure(Fields fields, int pixel, double deficit) {
        fields.add(Channel.PSL, pixel, -deficit);
        fields.add(Channel.PS, pixel, -deficit);
        fields.add(Channel.Z1000, pixel, -deficit / PA_PER_METRE);
    }

    private void wind(Fields fields, int row, int column, double speed) {
        Grid grid = fields.grid();
        double north = grid.latitude(row) - latitude;
        double east = Grid.eastOf(longitude, grid.longitude(column)) * Math.cos(Math.toRadians(grid.latitude(row)));
        double length = Math.max(Math.hypot(east, north), 1e-9);
        // Anticlockwise in the northern hemisphere.
        double sense = Math.signum(latitude);
        double u = -sense * north / length;
        double v = sense * east / length;
        int pixel = row * grid.width() + column;
        fields.add(Channel.U850, pixel, speed * u);
        fields.add(Channel.V850, pixel, speed * v);
        double along = Math.cos(Math.toRadians(INFLOW));
        double inwards = Math.sin(Math.toRadians(INFLOW));
        fields.add(Channel.UBOT, pixel, SURFACE_WIND * speed * (along * u - inwards * east / length));
        fields.add(Channel.VBOT, pixel, SURFACE_WIND * speed * (along * v - inwards * north / length));
    }

    private void warmCore(Fields fields, int pixel, double km) {
        double strength = deficitPa / STRONG_PA * bell(km / (3 * radiusKm));
        fields.add(Channel.T500, pixel, 4 * strength);
        fields.add(Channel.T200, pixel, 6 * strength);
        fields.add(Channel.Z200, pixel, 60 * strength);
    }

    private void water(Fields fields, int pixel, double km) {
        double strength = deficitPa / STRONG_PA;
        double x = km / radiusKm;
        fields.add(Channel.TMQ, pixel, 18 * strength * bell(x / 6));
        fields.add(Channel.QREFHT, pixel, 2e-3 * strength * bell(x / 6));
        // Heaviest in the eyewall.
        fields.add(Channel.PRECT, pixel, 6e-6 * strength * x * Math.exp(1 - x));
    }

    private static double bell(double x) {
        return Math.exp(-x * x);
    }
}
