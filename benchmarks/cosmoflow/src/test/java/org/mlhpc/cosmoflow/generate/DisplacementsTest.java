package org.mlhpc.cosmoflow.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class DisplacementsTest {
    private static final int SIDE = 16;
    private static final double EDGE_MPC = 100;
    private static final double K = 2 * Math.PI / EDGE_MPC;

    /**
     * For delta = cos kx + cos ky everything is known: Psi[delta] = -(sin kx, sin ky, 0) / k, S = cos kx cos ky, and
     * Psi[S] = -(sin kx cos ky, cos kx sin ky, 0) / 2k. Tolerance: single precision relative to 1/k.
     */
    @Test
    void crossedPlaneWavesMoveParticlesAsTheClosedFormSays() {
        double d1 = 0.8;
        double d2 = -0.3;
        try (var scope = new PointerScope();
                Spectrum density = Spectrum.of(crossedWaves());
                Displacements displacements = Displacements.of(density, EDGE_MPC)) {
            for (int i = 0; i < SIDE; i++) {
                float[][] moved = plane(displacements, i, d1, d2);
                for (int p = 0; p < SIDE * SIDE; p++) {
                    double x = phase(i);
                    double y = phase(p / SIDE);
                    double expectedX = (-d1 * Math.sin(x) + d2 * Math.sin(x) * Math.cos(y) / 2) / K;
                    double expectedY = (-d1 * Math.sin(y) + d2 * Math.cos(x) * Math.sin(y) / 2) / K;
                    assertEquals(expectedX, moved[0][p], 1e-5 / K);
                    assertEquals(expectedY, moved[1][p], 1e-5 / K);
                    assertEquals(0, moved[2][p], 1e-5 / K);
                }
            }
        }
    }

    private static double phase(int latticePoint) {
        return 2 * Math.PI * latticePoint / SIDE;
    }

    private static float[][] plane(Displacements displacements, int i, double d1, double d2) {
        float[][] moved = new float[Displacements.AXES][SIDE * SIDE];
        for (int axis = 0; axis < moved.length; axis++) {
            displacements.plane(axis, i, d1, d2, moved[axis], new float[SIDE * SIDE]);
        }
        return moved;
    }

    private static Tensor crossedWaves() {
        float[] values = new float[SIDE * SIDE * SIDE];
        for (int p = 0; p < values.length; p++) {
            values[p] = (float) (Math.cos(phase(p / (SIDE * SIDE))) + Math.cos(phase(p / SIDE % SIDE)));
        }
        Tensor field = torch.empty(SIDE, SIDE, SIDE);
        field.data_ptr_float().put(values);
        return field;
    }
}
