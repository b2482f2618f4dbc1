package org.mlhpc.roofline.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/** Tells which parameters the data cannot tell, or cannot tell apart, from how times react to them around the fit. */
final class Identifiability {
    /** Correlation of two estimates from which on they are said to be inseparable. */
    private static final double INSEPARABLE = 0.95;
    /** A standard error of a logarithm of an efficiency that means "between a third and three times as much". */
    private static final double UNKNOWN = 1;
    /** Steps, as a share of the largest singular value, that count as no reaction at all. */
    private static final double NO_REACTION = 1e-6;

    private Identifiability() {}

    /**
     * In words.
     *
     * @param sensitivities derivatives of logarithms of times, observation by parameter
     * @param squares sum of squared residuals of the fit
     */
    static List<String> warnings(ParameterSpace space, double[][] sensitivities, double[] values, double squares) {
        int resources = space.resources().size();
        double[][] scaled = new double[sensitivities.length][];
        for (int row = 0; row < scaled.length; row++) {
            scaled[row] = sensitivities[row].clone();
            // Seconds of overhead against the whole step, so that all columns are changes by a factor.
            scaled[row][resources] *= space.longestOverhead();
        }
        RealMatrix covariance = covariance(new Array2DRowRealMatrix(scaled, false), squares);
        var warnings = new ArrayList<String>();
        List<String> names = space.names();
        boolean[] unknown = new boolean[resources];
        for (int i = 0; i < resources; i++) {
            unknown[i] = Math.sqrt(covariance.getEntry(i, i)) > UNKNOWN;
            if (unknown[i]) {
                warnings.add(names.get(i) + " cannot be told from these runs: "
                        + space.resources().get(i).name().toLowerCase(Locale.ROOT)
                        + " hardly limits any of them; add runs in which it does");
            }
        }
        for (int i = 0; i < resources; i++) {
            for (int j = i + 1; j <= resources; j++) {
                boolean known = !unknown[i] && (j == resources || !unknown[j]);
                if (known && Math.abs(correlation(covariance, i, j)) > INSEPARABLE) {
                    warnings.add(String.format(
                            Locale.ROOT,
                            "%s and %s cannot be told apart (correlation %.3f): their times change together in these runs;"
                                    + " add runs that change one of them alone",
                            names.get(i),
                            names.get(j),
                            correlation(covariance, i, j)));
                }
            }
        }
        for (int i = 0; i < resources; i++) {
            if (Math.exp(values[i]) > 1.05) {
                warnings.add(String.format(
                        Locale.ROOT,
                        "%s is %.2f: more than the ceiling, so part of the counted traffic did not take this way, or the"
                                + " ceiling was measured too low",
                        names.get(i),
                        Math.exp(values[i])));
            }
        }
        return warnings;
    }

    /** Of the estimates, by the linearised model; directions without any reaction get a large variance. */
    private static RealMatrix covariance(RealMatrix sensitivities, double squares) {
        int freedom = Math.max(1, sensitivities.getRowDimension() - sensitivities.getColumnDimension());
        double variance = Math.max(squares / freedom, 1e-8);
        var decomposition = new SingularValueDecomposition(sensitivities);
        RealMatrix directions = decomposition.getV();
        double[] singular = decomposition.getSingularValues();
        RealMatrix inverse = new Array2DRowRealMatrix(singular.length, singular.length);
        for (int i = 0; i < singular.length; i++) {
            double floor = Math.max(singular[i], NO_REACTION * singular[0]);
            inverse.setEntry(i, i, variance / (floor * floor));
        }
        return directions.multiply(inverse).multiply(directions.transpose());
    }

    private static double correlation(RealMatrix covariance, int i, int j) {
        return covariance.getEntry(i, j) / Math.sqrt(covariance.getEntry(i, i) * covariance.getEntry(j, j));
    }
}
