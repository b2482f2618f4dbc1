package org.mlhpc.roofline.fit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.mlhpc.roofline.Resource;

/** Tells which parameters the data cannot tell, or cannot tell apart, from how times react to them around the fit. */
final class Identifiability {
    /**
     * Correlation of two estimates from which on they are said to be inseparable: who knew one would know the other to a third of its
     * error, sqrt(1 - 0.95^2) = 0.31.
     */
    private static final double INSEPARABLE = 0.95;
    /** A standard error of a logarithm of an efficiency that means "between a third and three times as much". */
    private static final double UNKNOWN = 1;
    /**
     * Singular values, as a share of the largest one s, that count as no reaction at all: with times known to 1e-4 the parameters are
     * known in such a direction to a factor of e^(100 / s).
     */
    private static final double NO_REACTION = 1e-6;
    /** An efficiency from which on the spread of a ceiling is no excuse any more. */
    private static final double ABOVE_CEILING = 1.05;
    /** An efficiency this little above the lower bound was stopped by it. */
    private static final double AT_LEAST = 1.05;

    private final ParameterSpace space;
    private final double[] values;
    private final RealMatrix covariance;

    /**
     * @param sensitivities derivatives of logarithms of times, observation by parameter
     * @param values estimates, efficiencies as logarithms
     * @param squares sum of squared residuals of the fit
     */
    Identifiability(ParameterSpace space, double[][] sensitivities, double[] values, double squares) {
        this.space = space;
        this.values = values.clone();
        this.covariance = covariance(byFactors(space, sensitivities), squares);
    }

    /** What the data leave open. */
    List<Doubt> doubts() {
        List<String> names = space.names();
        var doubts = new ArrayList<Doubt>();
        Set<Integer> untold = new TreeSet<>();
        for (int i = 0; i < space.resources().size(); i++) {
            double efficiency = Math.exp(values[i]);
            Set<Resource> about = Set.of(space.resources().get(i));
            if (efficiency < AT_LEAST * ParameterSpace.LEAST_EFFICIENCY) {
                doubts.add(Doubt.about(about, stoppedByBound(names.get(i), efficiency)));
                untold.add(i);
            } else if (isUntold(i)) {
                doubts.add(Doubt.about(
                        about,
                        names.get(i) + " cannot be told from these runs: "
                                + space.resources().get(i).word()
                                + " hardly limits any of them, or always grows with another resource; add runs in which it"
                                + " alone takes long"
                                + (efficiency > 1 ? " (it is taken as no more than the ceiling)" : "")));
                untold.add(i);
            } else if (efficiency > ABOVE_CEILING) {
                doubts.add(Doubt.about(about, aboveCeiling(names.get(i), efficiency)));
            }
        }
        doubts.addAll(inseparable(untold));
        return doubts;
    }

    private boolean isUntold(int efficiency) {
        return Math.sqrt(covariance.getEntry(efficiency, efficiency)) > UNKNOWN;
    }

    /**
     * Resources whose efficiency is above the ceiling, though the data cannot tell it: the best fit may lie anywhere then, and
     * this would promise what nothing has shown.
     */
    Set<Resource> unbelievable() {
        return IntStream.range(0, space.resources().size())
                .filter(i -> values[i] > 0 && isUntold(i))
                .mapToObj(space.resources()::get)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Seconds of overhead against the whole step, so that all columns are changes by a factor. */
    private static RealMatrix byFactors(ParameterSpace space, double[][] sensitivities) {
        double[][] scaled = new double[sensitivities.length][];
        for (int row = 0; row < scaled.length; row++) {
            scaled[row] = sensitivities[row].clone();
            scaled[row][space.resources().size()] *= space.longestOverhead();
        }
        return new Array2DRowRealMatrix(scaled, false);
    }

    /** Pairs of parameters whose times change together. */
    private List<Doubt> inseparable(Set<Integer> untold) {
        var doubts = new ArrayList<Doubt>();
        for (int i = 0; i < space.size(); i++) {
            for (int j = i + 1; j < space.size(); j++) {
                double correlation = correlation(i, j);
                if (!untold.contains(i) && !untold.contains(j) && Math.abs(correlation) > INSEPARABLE) {
                    doubts.add(together(i, j, correlation));
                }
            }
        }
        return doubts;
    }

    private Doubt together(int one, int other, double correlation) {
        int overhead = space.resources().size();
        Set<Resource> about = EnumSet.noneOf(Resource.class);
        IntStream.of(one, other)
                .filter(index -> index < overhead)
                .forEach(index -> about.add(space.resources().get(index)));
        return new Doubt(
                about,
                one == overhead || other == overhead,
                String.format(
                        Locale.ROOT,
                        "%s and %s cannot be told apart (correlation %.3f): their times change together in these runs;"
                                + " add runs that change one of them alone",
                        space.names().get(one),
                        space.names().get(other),
                        correlation));
    }

    private static String aboveCeiling(String name, double efficiency) {
        return String.format(
                Locale.ROOT,
                "%s is %.2f: more than the ceiling, so part of the counted traffic did not take this way, or the"
                        + " ceiling was measured too low",
                name,
                efficiency);
    }

    private static String stoppedByBound(String name, double efficiency) {
        return String.format(
                Locale.ROOT,
                "%s is %.2g, the least that a fit may give: these runs lose their time to something else than the bandwidth"
                        + " of this resource, or its ceiling was measured much too high; do not rely on predictions that"
                        + " it limits",
                name,
                efficiency);
    }

    /** Of the estimates, by the linearised model; directions without any reaction get a large variance. */
    private static RealMatrix covariance(RealMatrix sensitivities, double squares) {
        int freedom = Math.max(1, sensitivities.getRowDimension() - sensitivities.getColumnDimension());
        // A fit through all points would be sure of everything; nobody measures steps to better than 1e-4 of their
        // time.
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

    private double correlation(int i, int j) {
        return covariance.getEntry(i, j) / Math.sqrt(covariance.getEntry(i, i) * covariance.getEntry(j, j));
    }
}
