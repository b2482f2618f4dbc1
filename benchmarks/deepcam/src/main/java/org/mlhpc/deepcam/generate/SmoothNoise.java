package org.mlhpc.deepcam.generate;

import java.util.random.RandomGenerator;

/** Noise of unit variance at the points of a coarse lattice, interpolated between them; periodic in longitude. */
final class SmoothNoise {
    private final Grid grid;
    private final int rows;
    private final int columns;
    private final float[] lattice;

    /** @param degrees between points of the lattice */
    SmoothNoise(Grid grid, double degrees, RandomGenerator random) {
        this.grid = grid;
        this.rows = (int) Math.ceil(180 / degrees) + 1;
        this.columns = (int) Math.ceil(360 / degrees);
        this.lattice = new float[rows * columns];
        for (int i = 0; i < lattice.length; i++) {
            lattice[i] = (float) random.nextGaussian();
        }
    }

    double at(int row, int column) {
        double y = (row + 0.5) / grid.height() * (rows - 1);
        double x = (column + 0.5) / grid.width() * columns;
        int top = Math.min(rows - 2, (int) y);
        int left = (int) x;
        double down = smooth(y - top);
        double right = smooth(x - left);
        return (1 - down) * between(top, left, right) + down * between(top + 1, left, right);
    }

    private double between(int row, int left, double right) {
        float west = lattice[row * columns + left % columns];
        float east = lattice[row * columns + (left + 1) % columns];
        return (1 - right) * west + right * east;
    }

    /** Without kinks at the points of the lattice. */
    private static double smooth(double t) {
        return t * t * (3 - 2 * t);
    }
}
