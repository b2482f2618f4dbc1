package org.mlhpc.oc20;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Real spherical harmonics with Schmidt's normalisation, for which the sum over m of S_lm(u) S_lm(v) is P_l(u · v).
 *
 * <p>Polynomials of the unit vector's components: no angles, so no poles, and derivatives everywhere.
 */
final class Harmonics {
    private Harmonics() {}

    /** Number of harmonics with l below {@code orders}. */
    static int count(int orders) {
        return orders * orders;
    }

    /**
     * All harmonics with l below {@code orders}, by l, then cos 0, cos 1, sin 1, cos 2, sin 2 and so on.
     *
     * @param unit unit vectors, [E, 3]
     * @return [E, orders^2]
     */
    static Tensor of(Tensor unit, int orders) {
        Tensor x = unit.select(1, 0);
        Tensor y = unit.select(1, 1);
        Tensor z = unit.select(1, 2);
        Tensor[] columns = new Tensor[count(orders)];
        Tensor cos = torch.ones_like(z);
        Tensor sin = torch.zeros_like(z);
        for (int m = 0; m < orders; m++) {
            List<Tensor> legendre = legendre(z, m, orders);
            for (int l = m; l < orders; l++) {
                Tensor p = legendre.get(l - m).mul(new Scalar(norm(l, m)));
                int at = l * l + Math.max(0, 2 * m - 1);
                columns[at] = m == 0 ? p : p.mul(cos);
                if (m > 0) {
                    columns[at + 1] = p.mul(sin);
                }
            }
            // (x + iy)^(m+1)
            Tensor nextCos = cos.mul(x).sub(sin.mul(y));
            sin = cos.mul(y).add(sin.mul(x));
            cos = nextCos;
        }
        return torch.stack(new TensorVector(columns), 1);
    }

    /** d^m P_l(z) / dz^m for l from m to orders - 1. */
    private static List<Tensor> legendre(Tensor z, int m, int orders) {
        var values = new ArrayList<Tensor>();
        double first = 1;
        for (int k = 1; k <= m; k++) {
            first *= 2 * k - 1;
        }
        values.add(torch.full_like(z, new Scalar(first)));
        for (int l = m + 1; l < orders; l++) {
            Tensor before = values.get(l - m - 1);
            Tensor next = z.mul(before).mul(new Scalar((2.0 * l - 1) / (l - m)));
            if (l - m >= 2) {
                next = next.sub(values.get(l - m - 2).mul(new Scalar((l + m - 1.0) / (l - m))));
            }
            values.add(next);
        }
        return values;
    }

    /** sqrt(2 (l-m)! / (l+m)!), 1 for m = 0. */
    private static double norm(int l, int m) {
        if (m == 0) {
            return 1;
        }
        double ratio = 2;
        for (int k = l - m + 1; k <= l + m; k++) {
            ratio /= k;
        }
        return Math.sqrt(ratio);
    }
}
