package org.mlhpc.roofline.predict;

import java.util.ArrayList;
import java.util.List;
import org.mlhpc.roofline.Quantile;

/** Intervals of one number in several trials, and how many hold what came to pass. */
final class Intervals {
    private final double widest;
    private final List<Double> widths = new ArrayList<>();
    private int hits;

    /** @param widest that {@link #width} may be */
    Intervals(double widest) {
        this.widest = widest;
    }

    void add(Estimate found, double truth) {
        hits += found.low() <= truth && truth <= found.high() ? 1 : 0;
        widths.add(Math.log(found.high() / found.low()));
    }

    int hits() {
        return hits;
    }

    double widest() {
        return widest;
    }

    /** From end to end in logarithms, median. */
    double width() {
        return Quantile.of(widths.stream().mapToDouble(Double::doubleValue).toArray(), 0.5);
    }
}
