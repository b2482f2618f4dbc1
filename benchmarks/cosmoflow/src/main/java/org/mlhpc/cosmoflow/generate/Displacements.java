package org.mlhpc.cosmoflow.generate;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * How far the particles of a lattice move, to second order in Lagrangian perturbation theory: x = q + D Psi[delta] -
 * D_2 Psi[S], where Psi[f] = -grad (inverse Laplacian of f), that is Psi_k = i k f_k / k^2, and S is the sum over pairs
 * of axes of phi_aa phi_bb - phi_ab^2 with phi the inverse Laplacian of delta (Bouchet et al. 1995, Astronomy and
 * Astrophysics 296, 575; Scoccimarro 1998, Monthly Notices of the RAS 299, 1097).
 *
 * <p>Owns native memory: six floats per particle; about three times as much is in use while it is built.
 */
final class Displacements implements AutoCloseable {
    static final int AXES = 3;

    private final int side;
    private final double edge;
    private final List<Tensor> first;
    private final List<Tensor> second;

    private Displacements(int side, double edge, List<Tensor> first, List<Tensor> second) {
        this.side = side;
        this.edge = edge;
        this.first = first;
        this.second = second;
    }

    /**
     * @param density linear density contrast today; modes at the Nyquist frequency of an axis do not move particles along
     *     it, since the derivative of a real field vanishes there
     * @param edge edge of the box in Mpc/h
     */
    static Displacements of(Spectrum density, double edge) {
        try (var scope = new PointerScope()) {
            List<Tensor> second;
            try (Tensor source = source(density);
                    Spectrum sourceSpectrum = Spectrum.of(source)) {
                second = psi(sourceSpectrum, edge);
            }
            List<Tensor> first = psi(density, edge);
            first.forEach(Pointer::retainReference);
            second.forEach(Pointer::retainReference);
            return new Displacements(density.side(), edge, first, second);
        }
    }

    /** S of the class comment, for growth factor 1. */
    private static Tensor source(Spectrum density) {
        Tensor sum = diagonalPairs(density);
        for (int axis = 0; axis < AXES; axis++) {
            try (Tensor mixed = tidal(density, axis, (axis + 1) % AXES);
                    Tensor square = mixed.mul(mixed)) {
                sum.sub_(square);
            }
        }
        return sum;
    }

    private static Tensor diagonalPairs(Spectrum density) {
        try (Tensor xx = tidal(density, 0, 0);
                Tensor yy = tidal(density, 1, 1);
                Tensor zz = tidal(density, 2, 2)) {
            Tensor sum = yy.add(zz);
            sum.mul_(xx);
            sum.addcmul_(yy, zz);
            return sum;
        }
    }

    /** Second derivative of phi: phi_ab has the modes k_a k_b delta_k / k^2. */
    private static Tensor tidal(Spectrum density, int a, int b) {
        int nyquist = density.side() / 2;
        return density.field((i, j, l) -> {
            double square = (double) i * i + j * j + l * l;
            return square == 0 ? 0 : derivative(a, nyquist, i, j, l) * derivative(b, nyquist, i, j, l) / square;
        });
    }

    private static List<Tensor> psi(Spectrum spectrum, double edge) {
        int nyquist = spectrum.side() / 2;
        double perFrequency = edge / (2 * Math.PI);
        var components = new ArrayList<Tensor>();
        for (int axis = 0; axis < AXES; axis++) {
            int a = axis;
            components.add(spectrum.fieldTimesI((i, j, l) -> {
                double square = (double) i * i + j * j + l * l;
                return square == 0 ? 0 : perFrequency * derivative(a, nyquist, i, j, l) / square;
            }));
        }
        return components;
    }

    private static double derivative(int axis, int nyquist, int i, int j, int l) {
        int frequency = axis == 0 ? i : axis == 1 ? j : l;
        return frequency == nyquist ? 0 : frequency;
    }

    /** Particles along an edge of the box. */
    int side() {
        return side;
    }

    /** Edge of the box in Mpc/h. */
    double edge() {
        return edge;
    }

    /**
     * Displacements of one plane of the lattice along one axis.
     *
     * @param d1 first-order growth factor
     * @param d2 second-order growth factor, negative
     * @param into side^2 displacements in Mpc/h
     * @param scratch as long as {@code into}
     */
    void plane(int axis, int plane, double d1, double d2, float[] into, float[] scratch) {
        read(first.get(axis), plane, into);
        read(second.get(axis), plane, scratch);
        float a = (float) d1;
        float b = (float) -d2;
        for (int p = 0; p < into.length; p++) {
            into[p] = a * into[p] + b * scratch[p];
        }
    }

    private static void read(Tensor field, int plane, float[] into) {
        try (FloatPointer data = field.data_ptr_float()) {
            data.position((long) plane * into.length).get(into);
        }
    }

    @Override
    public void close() {
        first.forEach(Tensor::close);
        second.forEach(Tensor::close);
    }
}
