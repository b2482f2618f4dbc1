package org.mlhpc.roofline.fit;

import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/** Quantiles by linear interpolation between the sorted values (definition 7 of Hyndman and Fan, 1996). */
final class Quantile {
    private Quantile() {}

    /** @param share from 0 to 1 */
    static double of(double[] values, double share) {
        var percentile = new Percentile().withEstimationType(EstimationType.R_7);
        percentile.setData(values);
        // The library takes shares above 0 only.
        return percentile.evaluate(Math.max(100 * share, 1e-9));
    }
}
