package org.mlhpc.cosmoflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class CountGridTest {
    private static final Cosmology PLANCK = new Cosmology(0.3089, 0.8159, 0.9667, 0.6774);
    private static final int CELLS = 64;
    private static final double EDGE_MPC = 512;

    /** A wavelength of more than five cells, k below 0.15 h/Mpc. */
    private static final int LARGEST_LINEAR_SHELL = 12;

    /** What gravity beyond linear order may change in the power at redshift 3 and k below 0.15 h/Mpc. */
    private static final double NONLINEAR = 0.05;

    @Test
    void unmovedParticlesFillEveryCellEqually() {
        var grid = new CountGrid(8, 4, 2);
        count(grid, 16, 64, 1, 0, 0);
        for (ByteBuffer cube : grid.cubes()) {
            for (int cell = 0; cell < 64; cell++) {
                assertEquals(0, cube.getShort(4 * cell));
                assertEquals(8, cube.getShort(4 * cell + 2));
            }
        }
        assertEquals(8, grid.cubes().size());
    }

    @Test
    void everyParticleIsCountedOnceInEachChannel() {
        var grid = new CountGrid(16, 8, 2);
        count(grid, 32, 64, 0, 1, 0);
        count(grid, 32, 64, 1, 1, 0);
        long[] total = new long[2];
        for (ByteBuffer cube : grid.cubes()) {
            for (int at = 0; at < cube.capacity(); at += 2) {
                total[at / 2 % 2] += cube.getShort(at);
            }
        }
        assertEquals(32 * 32 * 32, total[0]);
        assertEquals(32 * 32 * 32, total[1]);
    }

    @Test
    void aClearedGridIsEmpty() {
        var grid = new CountGrid(8, 8, 1);
        count(grid, 8, 64, 0, 1, 0);
        grid.clear();
        for (int at = 0; at < grid.cubes().get(0).capacity(); at += 2) {
            assertEquals(0, grid.cubes().get(0).getShort(at));
        }
    }

    /**
     * The physics end to end, at redshift 3 and on scales well above a cell. The lattice's noise lies between none and
     * that of a Poisson process; gravity beyond linear order changes the power by a few percent there. Against the
     * ensemble, sample variance adds sqrt(2 / modes); against the very field the particles were moved by, only the
     * product of field and noise does, whose mean over the modes is zero with the variance 4 noise / modes.
     */
    @Test
    void atHighRedshiftAndOnLargeScalesTheCountsFollowLinearTheory() {
        var growth = new Growth(PLANCK.omegaM());
        double d1 = growth.firstOrder(3);
        var power = new LinearPowerSpectrum(PLANCK);
        var grid = new CountGrid(CELLS, CELLS, 1);
        count(grid, 2 * CELLS, EDGE_MPC, 0, d1, growth.secondOrder(3));
        double poissonNoise = Math.pow(EDGE_MPC / (2 * CELLS), 3);
        try (var scope = new PointerScope();
                Spectrum linear = field(2 * CELLS, EDGE_MPC)) {
            BinnedPower counts = BinnedPower.of(
                    contrast(grid), EDGE_MPC, (x, y, z) -> window(x, y, z) * d1 * d1 * power.at(norm(x, y, z)));
            BinnedPower input =
                    BinnedPower.of(linear.field((i, j, l) -> 1), EDGE_MPC, (x, y, z) -> power.at(norm(x, y, z)));
            for (int shell = 1; shell <= LARGEST_LINEAR_SHELL; shell++) {
                double noise = poissonNoise / (d1 * d1 * power.at(2 * Math.PI / EDGE_MPC * shell));
                double sampleVariance = Math.sqrt(2.0 / counts.modes[shell]);
                assertBetween(1, 1 + noise, 4 * sampleVariance + NONLINEAR, counts.ratio[shell], shell);
                double crossTerm = 2 * Math.sqrt(noise / counts.modes[shell]);
                assertBetween(1, 1 + noise, 4 * crossTerm + NONLINEAR, counts.ratio[shell] / input.ratio[shell], shell);
            }
        }
    }

    private static void assertBetween(double from, double to, double tolerance, double actual, int shell) {
        assertTrue(
                actual > from - tolerance && actual < to + tolerance,
                "shell " + shell + ": " + actual + " is not in [" + from + ", " + to + "] +- " + tolerance);
    }

    private static double norm(double x, double y, double z) {
        return Math.sqrt(x * x + y * y + z * z);
    }

    /** Squared transform of the cubic cell. */
    private static double window(double x, double y, double z) {
        double half = EDGE_MPC / CELLS / 2;
        double w = sinc(x * half) * sinc(y * half) * sinc(z * half);
        return w * w;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x) / x;
    }

    /** Of a grid of one cube with eight particles per cell on average. */
    private static Tensor contrast(CountGrid grid) {
        float[] values = new float[CELLS * CELLS * CELLS];
        for (int cell = 0; cell < values.length; cell++) {
            values[cell] = grid.cubes().get(0).getShort(2 * cell) / 8f - 1;
        }
        Tensor field = torch.empty(CELLS, CELLS, CELLS);
        field.data_ptr_float().put(values);
        return field;
    }

    private static Spectrum field(int lattice, double edge) {
        return Spectrum.ofRandomField(5, lattice, edge, new LinearPowerSpectrum(PLANCK));
    }

    private static void count(CountGrid grid, int lattice, double edge, int channel, double d1, double d2) {
        try (var scope = new PointerScope();
                Spectrum density = field(lattice, edge);
                Displacements displacements = Displacements.of(density, edge)) {
            grid.count(displacements, channel, d1, d2);
        }
    }
}
