package org.mlhpc.cosmoflow.generate;

import java.util.function.DoubleUnaryOperator;

/** Numerical integration by the composite rule of Simpson; ample for the smooth integrands of this package. */
final class Simpson {
    private Simpson() {}

    /** @param intervals even number of intervals of equal width */
    static double integrate(DoubleUnaryOperator f, double from, double to, int intervals) {
        double width = (to - from) / intervals;
        double sum = f.applyAsDouble(from) + f.applyAsDouble(to);
        for (int i = 1; i < intervals; i++) {
            sum += (i % 2 == 1 ? 4 : 2) * f.applyAsDouble(from + i * width);
        }
        return sum * width / 3;
    }
}
