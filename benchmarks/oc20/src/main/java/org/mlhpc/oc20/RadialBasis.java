package org.mlhpc.oc20;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What the network sees of distances: a basis with trainable frequencies for edges, and the radial part of the basis for
 * triplets (Gasteiger et al., arXiv 2003.03123, equations 6 and 7).
 */
final class RadialBasis {
    private final Architecture architecture;
    private final Envelope envelope;
    private final double[][] zeros;

    RadialBasis(Architecture architecture) {
        this.architecture = architecture;
        this.envelope = new Envelope(architecture.envelopeExponent());
        this.zeros = SphericalBessel.zeros(architecture.numSpherical(), architecture.numRadial());
    }

    /**
     * u(d/c) sin(frequency d/c).
     *
     * @param distance d, [E, 1]
     * @param frequencies [radial]
     * @return [E, radial]
     */
    Tensor ofEdges(Tensor distance, Tensor frequencies) {
        Tensor x = distance.div(new Scalar(architecture.cutoff()));
        return envelope.value(x).mul(x.mul(frequencies).sin());
    }

    /**
     * u(d/c) n_lk j_l(z_lk d/c), times the sqrt((2l+1)/4π) that turns Legendre polynomials of the angle into spherical
     * harmonics.
     *
     * <p>Computed with its derivative in double, since j_l of small arguments is a difference of large numbers. The result
     * depends on the distance by its tangent: nobody needs a second derivative, because positions are not trained.
     *
     * @param distance [E, 1]
     * @return [E, spherical, radial]
     */
    Tensor ofTriplets(Tensor distance) {
        Tensor value;
        Tensor slope;
        try (var noGradient = new NoGradGuard()) {
            Tensor x = distance.detach().to(ScalarType.Double).div(new Scalar(architecture.cutoff()));
            Tensor u = envelope.value(x);
            Tensor uSlope = envelope.slope(x).div(new Scalar(architecture.cutoff()));
            var values = new ArrayList<Tensor>();
            var slopes = new ArrayList<Tensor>();
            for (int l = 0; l < architecture.numSpherical(); l++) {
                Tensor z = row(zeros[l]);
                Tensor factors = row(factors(l));
                Tensor[] j = bessel(l, x.mul(z));
                Tensor jSlope = j[1].mul(z.div(new Scalar(architecture.cutoff())));
                values.add(j[0].mul(u).mul(factors));
                slopes.add(jSlope.mul(u).add(j[0].mul(uSlope)).mul(factors));
            }
            value = stack(values, distance);
            slope = stack(slopes, distance);
        }
        Tensor change = distance.sub(distance.detach()).unsqueeze(2);
        return value.add(slope.mul(change));
    }

    private double[] factors(int l) {
        double[] factors = new double[zeros[l].length];
        for (int k = 0; k < factors.length; k++) {
            factors[k] = SphericalBessel.norm(l, zeros[l][k]) * Math.sqrt((2 * l + 1) / (4 * Math.PI));
        }
        return factors;
    }

    private static Tensor row(double[] values) {
        return torch.from_blob(
                        new DoublePointer(values), new long[] {1, values.length}, new TensorOptions(ScalarType.Double))
                .clone();
    }

    private static Tensor stack(List<Tensor> parts, Tensor like) {
        return torch.stack(new TensorVector(parts.toArray(Tensor[]::new)), 1).to(like.scalar_type());
    }

    /** j_l(y) by upward recursion, and its derivative j_(l-1)(y) - (l+1)/y j_l(y). */
    private static Tensor[] bessel(int l, Tensor y) {
        Tensor inverse = y.reciprocal();
        // j_(-1), so that the recursion also holds for the first step.
        Tensor below = y.cos().mul(inverse);
        Tensor value = y.sin().mul(inverse);
        for (int k = 0; k < l; k++) {
            Tensor next = value.mul(inverse).mul(new Scalar(2 * k + 1)).sub(below);
            below = value;
            value = next;
        }
        return new Tensor[] {value, below.sub(value.mul(inverse).mul(new Scalar(l + 1)))};
    }
}
