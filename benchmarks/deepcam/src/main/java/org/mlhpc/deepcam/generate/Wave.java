package org.mlhpc.deepcam.generate;

import java.util.random.RandomGenerator;

/**
 * A wave of geopotential height around the globe with a Gaussian envelope in latitude, and the geostrophic wind of it.
 *
 * @param number of periods around the globe
 * @param latitude of its centre, width of its envelope in degrees
 * @param tilt change of the phase with latitude, radians per degree
 * @param height amplitude at 850 hPa, m
 */
record Wave(int number, double latitude, double widthDegrees, double phase, double tilt, double height) {
    private static final double GRAVITY = 9.81;
    /** Closer to the equator the geostrophic wind would grow without bound. */
    private static final double LEAST_CORIOLIS = Grid.coriolis(20);

    private static final int LEAST_NUMBER = 3;
    private static final int NUMBERS = 8;
    private static final double NEGLIGIBLE = 1e-3;

    static Wave random(RandomGenerator random) {
        double side = random.nextBoolean() ? 1 : -1;
        return new Wave(
                LEAST_NUMBER + random.nextInt(NUMBERS),
                side * random.nextDouble(30, 65),
                random.nextDouble(8, 16),
                random.nextDouble(2 * Math.PI),
                side * random.nextDouble(-0.06, 0.06),
                18 * random.nextGaussian());
    }

    /** Takes what the wave adds to a place. */
    @FunctionalInterface
    interface Sink {
        /**
         * Adds.
         *
         * @param heightM geopotential height
         * @param eastward and northward geostrophic wind, m/s
         */
        void add(int column, double heightM, double eastward, double northward);
    }

    /** Visits a row, if the wave reaches it. */
    void addTo(Grid grid, int row, Sink sink) {
        double phi = grid.latitude(row);
        double off = (phi - latitude) / widthDegrees;
        double envelope = height * Math.exp(-off * off);
        if (Math.abs(envelope) < NEGLIGIBLE) {
            return;
        }
        double f = Math.copySign(Math.max(Math.abs(Grid.coriolis(phi)), LEAST_CORIOLIS), phi);
        double metresPerDegree = Math.toRadians(1) * Grid.EARTH_RADIUS_KM * 1000;
        double metresPerRadianEast = Grid.EARTH_RADIUS_KM * 1000 * Math.max(0.1, Math.cos(Math.toRadians(phi)));
        double slope = -2 * off / widthDegrees;
        for (int column = 0; column < grid.width(); column++) {
            double angle = number * Math.toRadians(grid.longitude(column)) + phase + tilt * (phi - latitude);
            double cos = envelope * Math.cos(angle);
            double sin = envelope * Math.sin(angle);
            double northSlope = (slope * cos - tilt * sin) / metresPerDegree;
            double eastSlope = -number * sin / metresPerRadianEast;
            sink.add(column, cos, -GRAVITY / f * northSlope, GRAVITY / f * eastSlope);
        }
    }
}
