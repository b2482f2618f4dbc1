package org.mlhpc.deepcam.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.mlhpc.deepcam.data.Channel;

/** Weather without storms: means by latitude, waves on them, smooth noise, and a little noise of each pixel. */
final class Climate {
    private static final int WAVES = 40;
    private static final double PA_PER_METRE = 11.8;
    /** Of the wind at the bottom to that at 850 hPa. */
    private static final double SURFACE_WIND = 0.7;

    private final Grid grid;
    private final List<Wave> waves = new ArrayList<>();
    private final SmoothNoise moisture;
    private final SmoothNoise warmth;
    private final SmoothNoise land;
    private final SmoothNoise rain;
    private final RandomGenerator random;

    Climate(Grid grid, RandomGenerator random) {
        this.grid = grid;
        this.random = random;
        for (int i = 0; i < WAVES; i++) {
            waves.add(Wave.random(random));
        }
        this.moisture = new SmoothNoise(grid, 8, random);
        this.warmth = new SmoothNoise(grid, 12, random);
        this.land = new SmoothNoise(grid, 30, random);
        this.rain = new SmoothNoise(grid, 4, random);
    }

    void fill(Fields fields) {
        for (int row = 0; row < grid.height(); row++) {
            double[] height = new double[grid.width()];
            double[] east = new double[grid.width()];
            double[] north = new double[grid.width()];
            for (Wave wave : waves) {
                wave.addTo(grid, row, (column, z, u, v) -> {
                    height[column] += z;
                    east[column] += u;
                    north[column] += v;
                });
            }
            for (int column = 0; column < grid.width(); column++) {
                fill(fields, row, column, height[column], east[column], north[column]);
            }
        }
    }

    private void fill(Fields fields, int row, int column, double height, double east, double north) {
        double phi = grid.latitude(row);
        int pixel = row * grid.width() + column;
        winds(fields, pixel, phi, east, north);
        double warm = warmth.at(row, column);
        temperatures(fields, pixel, phi, warm, height);
        pressures(fields, pixel, phi, height, Math.max(0, land.at(row, column) - 1));
        // Air from the equator is moist.
        double poleward = north * Math.signum(phi);
        water(fields, pixel, phi, moisture.at(row, column), poleward, rain.at(row, column));
    }

    private void winds(Fields fields, int pixel, double phi, double east, double north) {
        double trades = -7 * bell(phi, 0, 15);
        double westerlies = 10 * bell(Math.abs(phi), 45, 15);
        fields.add(Channel.U850, pixel, trades + westerlies + east + noise(0.4));
        fields.add(Channel.V850, pixel, north + noise(0.4));
        fields.add(Channel.UBOT, pixel, SURFACE_WIND * (trades + westerlies + east) + noise(0.4));
        fields.add(Channel.VBOT, pixel, SURFACE_WIND * north + noise(0.4));
    }

    private void temperatures(Fields fields, int pixel, double phi, double warm, double height) {
        double sin = Math.sin(Math.toRadians(phi));
        double surface = 301 - 45 * sin * sin + 2 * warm;
        fields.add(Channel.TS, pixel, surface + noise(0.3));
        fields.add(Channel.TREFHT, pixel, surface - 1.5 + noise(0.3));
        fields.add(Channel.T500, pixel, 268 - 28 * sin * sin + warm + 0.03 * height + noise(0.1));
        fields.add(Channel.T200, pixel, 220 - 4 * sin * sin - 0.02 * height + noise(0.1));
    }

    private void pressures(Fields fields, int pixel, double phi, double height, double elevation) {
        double off = Math.abs(phi);
        double sea = 101_200 + 900 * bell(off, 30, 12) - 1300 * bell(off, 62, 12) + PA_PER_METRE * height;
        double sin = Math.sin(Math.toRadians(phi));
        fields.add(Channel.PSL, pixel, sea + noise(10));
        fields.add(Channel.PS, pixel, sea * Math.exp(-elevation / 8) + noise(10));
        fields.add(Channel.Z1000, pixel, (sea - 100_000) / PA_PER_METRE + noise(1));
        fields.add(Channel.Z200, pixel, 12_400 - 1200 * sin * sin + 2 * height + noise(2));
        fields.add(Channel.ZBOT, pixel, 62 + 3 * elevation + noise(0.2));
    }

    /** @param poleward wind from the equator, m/s */
    private void water(Fields fields, int pixel, double phi, double moist, double poleward, double shower) {
        double column = 4 + 46 * bell(phi, 0, 20) * (1 + 0.1 * moist) + 0.9 * moist + 0.15 * poleward;
        fields.add(Channel.TMQ, pixel, Math.max(0.5, column + noise(0.3)));
        fields.add(Channel.QREFHT, pixel, Math.max(1e-4, 0.018 * bell(phi, 0, 32) * (1 + 0.05 * moist) + noise(1e-4)));
        double convergence = 6e-8 * bell(phi, 6, 6) + 2e-8 * bell(Math.abs(phi), 48, 12);
        fields.add(Channel.PRECT, pixel, Math.max(0, convergence * Math.max(0, 1 + shower) + noise(1e-9)));
    }

    private double noise(double deviation) {
        return deviation * random.nextGaussian();
    }

    private static double bell(double x, double centre, double width) {
        double off = (x - centre) / width;
        return Math.exp(-off * off);
    }
}
