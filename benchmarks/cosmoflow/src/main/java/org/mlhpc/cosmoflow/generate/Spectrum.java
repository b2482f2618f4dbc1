package org.mlhpc.cosmoflow.generate;

import static org.bytedeco.pytorch.global.torch.fft_irfftn;
import static org.bytedeco.pytorch.global.torch.fft_rfftn;
import static org.bytedeco.pytorch.global.torch.view_as_complex;
import static org.bytedeco.pytorch.global.torch.view_as_real;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The Fourier transform of a real periodic field on side^3 points, single precision: the half that determines the
 * other. Owns native memory.
 */
final class Spectrum implements AutoCloseable {
    /** A real factor per mode. */
    @FunctionalInterface
    interface Kernel {
        /** @param i frequency along the first axis, in cycles per box, from -side/2 (excluded) to side/2; likewise j, l */
        double at(int i, int j, int l);
    }

    private final int side;
    /** Shape [side][side][side/2 + 1][2]: real and imaginary parts. */
    private final Tensor modes;

    private Spectrum(int side, Tensor modes) {
        this.side = side;
        this.modes = modes;
    }

    /** @param field float tensor [side][side][side], side even */
    static Spectrum of(Tensor field) {
        int side = (int) field.size(0);
        try (var scope = new PointerScope()) {
            Tensor modes = view_as_real(fft_rfftn(field)).contiguous();
            modes.retainReference();
            return new Spectrum(side, modes);
        }
    }

    /**
     * A Gaussian random density contrast. Every plane of the noise has its own generator, split off in order.
     *
     * @param side number of points along an edge, even
     * @param edge edge of the box in Mpc/h
     */
    static Spectrum ofRandomField(long seed, int side, double edge, LinearPowerSpectrum power) {
        try (var scope = new PointerScope()) {
            Spectrum spectrum = of(whiteNoise(seed, side));
            double[] amplitude = amplitudes(side, edge, power);
            spectrum.scale((i, j, l) -> amplitude[i * i + j * j + l * l]);
            return spectrum;
        }
    }

    private static Tensor whiteNoise(long seed, int side) {
        var random = new SplittableRandom(seed);
        Tensor noise = torch.empty(side, side, side);
        FloatPointer data = noise.data_ptr_float();
        float[] plane = new float[side * side];
        for (int i = 0; i < side; i++) {
            for (int p = 0; p < plane.length; p++) {
                plane[p] = (float) random.nextGaussian();
            }
            data.position((long) i * plane.length).put(plane);
        }
        return noise;
    }

    /** sqrt(P(k) N^3 / V) by the sum of the squared frequencies; 0 for the mean. */
    private static double[] amplitudes(int side, double edge, LinearPowerSpectrum power) {
        double[] amplitude = new double[3 * (side / 2) * (side / 2) + 1];
        double pointsPerVolume = Math.pow(side / edge, 3);
        for (int square = 1; square < amplitude.length; square++) {
            double k = 2 * Math.PI / edge * Math.sqrt(square);
            amplitude[square] = Math.sqrt(power.at(k) * pointsPerVolume);
        }
        return amplitude;
    }

    int side() {
        return side;
    }

    /** Multiplies every mode. */
    void scale(Kernel kernel) {
        transform(modes, kernel, false);
    }

    /** The field whose modes are these times {@code kernel}; the caller's scope owns it. */
    Tensor field(Kernel kernel) {
        return inverse(kernel, false);
    }

    /** The field whose modes are these times i {@code kernel}, which must be odd; the caller's scope owns it. */
    Tensor fieldTimesI(Kernel kernel) {
        return inverse(kernel, true);
    }

    private Tensor inverse(Kernel kernel, boolean timesI) {
        try (Tensor product = modes.clone();
                Tensor complex = view_as_complex(product)) {
            transform(product, kernel, timesI);
            return fft_irfftn(complex);
        }
    }

    private void transform(Tensor target, Kernel kernel, boolean timesI) {
        int depth = side / 2 + 1;
        float[] plane = new float[side * depth * 2];
        FloatPointer data = target.data_ptr_float();
        for (int i = 0; i < side; i++) {
            data.position((long) i * plane.length).get(plane);
            int p = 0;
            for (int j = 0; j < side; j++) {
                for (int l = 0; l < depth; l++, p += 2) {
                    float factor = (float) kernel.at(frequency(i), frequency(j), l);
                    float re = plane[p] * factor;
                    float im = plane[p + 1] * factor;
                    plane[p] = timesI ? -im : re;
                    plane[p + 1] = timesI ? re : im;
                }
            }
            data.position((long) i * plane.length).put(plane);
        }
    }

    private int frequency(int index) {
        return index <= side / 2 ? index : index - side;
    }

    @Override
    public void close() {
        modes.close();
    }
}
