package org.mlhpc.cosmoflow.generate;

import static org.bytedeco.pytorch.global.torch.fft_rfftn;
import static org.bytedeco.pytorch.global.torch.view_as_real;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Measured over expected power of a periodic field, averaged over shells one fundamental frequency wide. */
final class BinnedPower {
    /** Expected power at a mode, (Mpc/h)^3. */
    interface Expected {
        double at(double kx, double ky, double kz);
    }

    /** Modes per shell, both of each conjugate pair; the shell's number is the rounded frequency. */
    final int[] modes;

    /** Mean of measured over expected power per shell: 1 on average, with the variance 2 / modes. */
    final double[] ratio;

    private BinnedPower(int shells) {
        modes = new int[shells];
        ratio = new double[shells];
    }

    /** @param density contrast on [side][side][side] points, in a box with this edge in Mpc/h */
    static BinnedPower of(Tensor density, double edge, Expected expected) {
        int side = (int) density.size(0);
        var binned = new BinnedPower(side / 2);
        double fundamental = 2 * Math.PI / edge;
        double volumePerSquare = Math.pow(edge, 3) / Math.pow(side, 6);
        float[] values = modes(density);
        int at = 0;
        for (int i = 0; i < side; i++) {
            for (int j = 0; j < side; j++) {
                for (int l = 0; l <= side / 2; l++, at += 2) {
                    int x = i <= side / 2 ? i : i - side;
                    int y = j <= side / 2 ? j : j - side;
                    double power = volumePerSquare
                            * ((double) values[at] * values[at] + (double) values[at + 1] * values[at + 1]);
                    double input = expected.at(fundamental * x, fundamental * y, fundamental * l);
                    binned.add(x, y, l, l == 0 || 2 * l == side ? 1 : 2, power / input);
                }
            }
        }
        for (int shell = 1; shell < binned.ratio.length; shell++) {
            binned.ratio[shell] /= binned.modes[shell];
        }
        return binned;
    }

    private void add(int x, int y, int z, int weight, double value) {
        int shell = (int) Math.round(Math.sqrt(x * x + y * y + z * z));
        if (shell > 0 && shell < ratio.length) {
            modes[shell] += weight;
            ratio[shell] += weight * value;
        }
    }

    private static float[] modes(Tensor density) {
        try (var scope = new PointerScope()) {
            Tensor real = view_as_real(fft_rfftn(density)).contiguous();
            float[] values = new float[Math.toIntExact(real.numel())];
            real.data_ptr_float().get(values);
            return values;
        }
    }
}
