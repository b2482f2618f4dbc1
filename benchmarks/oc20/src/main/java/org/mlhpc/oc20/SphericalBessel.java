package org.mlhpc.oc20;

import java.util.Arrays;

/** Zeros of the spherical Bessel functions of the first kind and the factors that normalise a basis of them. */
final class SphericalBessel {
    /** More than a double has bits: the last ones change nothing. */
    private static final int BISECTIONS = 100;

    private SphericalBessel() {}

    /** j_l(x) by upward recursion, for x of the order of l or larger. */
    static double j(int l, double x) {
        double below = Math.cos(x) / x;
        double value = Math.sin(x) / x;
        for (int k = 0; k < l; k++) {
            double next = (2 * k + 1) / x * value - below;
            below = value;
            value = next;
        }
        return value;
    }

    /**
     * The first {@code count} positive zeros of j_0 to j_(orders-1): those of each order lie between those of the one before,
     * of which one more is needed.
     */
    static double[][] zeros(int orders, int count) {
        double[] before = new double[count + orders];
        for (int n = 0; n < before.length; n++) {
            before[n] = Math.PI * (n + 1);
        }
        double[][] zeros = new double[orders][];
        for (int l = 0; l < orders; l++) {
            if (l > 0) {
                double[] between = new double[before.length - 1];
                for (int n = 0; n < between.length; n++) {
                    between[n] = zeroBetween(l, before[n], before[n + 1]);
                }
                before = between;
            }
            zeros[l] = Arrays.copyOf(before, count);
        }
        return zeros;
    }

    private static double zeroBetween(int l, double from, double to) {
        boolean positive = j(l, from) > 0;
        double low = from;
        double high = to;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (j(l, middle) > 0 == positive) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** Makes the integral of (factor j_l(zero x))^2 x^2 over x from 0 to 1 equal 1. */
    static double norm(int l, double zero) {
        return Math.sqrt(2) / Math.abs(j(l + 1, zero));
    }
}
