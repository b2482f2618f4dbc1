package org.mlhpc.oc20;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The smooth cutoff u(x) = 1/x + a x^(p-1) + b x^p + c x^(p+1), whose value, first and second derivative are zero at x = 1
 * (Gasteiger et al., arXiv 2003.03123, equation 8, divided by x).
 */
final class Envelope {
    private final int p;
    private final double a;
    private final double b;
    private final double c;

    Envelope(int exponent) {
        p = exponent + 1;
        a = -(p + 1) * (p + 2) / 2.0;
        b = p * (p + 2.0);
        c = -p * (p + 1) / 2.0;
    }

    /** Of distances in units of the cutoff, in (0, 1]. */
    Tensor value(Tensor x) {
        Tensor power = x.pow(new Scalar(p - 1));
        // a + b x + c x^2
        Tensor polynomial = x.mul(new Scalar(c)).add(new Scalar(b)).mul(x).add(new Scalar(a));
        return x.reciprocal().add(power.mul(polynomial));
    }

    /** Derivative of {@link #value}. */
    Tensor slope(Tensor x) {
        Tensor power = x.pow(new Scalar(p - 2));
        Tensor polynomial =
                x.mul(new Scalar(c * (p + 1))).add(new Scalar(b * p)).mul(x).add(new Scalar(a * (p - 1)));
        return power.mul(polynomial).sub(x.square().reciprocal());
    }
}
