package org.mlhpc.roofline.fit;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.exception.ConvergenceException;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.exception.TooManyIterationsException;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresBuilder;
import org.apache.commons.math3.fitting.leastsquares.LeastSquaresOptimizer.Optimum;
import org.apache.commons.math3.fitting.leastsquares.LevenbergMarquardtOptimizer;
import org.apache.commons.math3.linear.ArrayRealVector;

/** Least squares of logarithms of times, since noise is a share of a time; by Levenberg and Marquardt. */
final class Solver {
    private static final int MOST_EVALUATIONS = 2000;
    /** Relative, of the sum of squares and of the parameters: far below the spread of measured steps, far above the rounding of doubles. */
    private static final double TOLERANCE = 1e-9;

    private final ParameterSpace space;
    private final LogTimes times;

    /** Where a search ended. */
    static final class Solution {
        private final double[] free;
        private final double squares;

        private Solution(double[] free, double squares) {
            this.free = free;
            this.squares = squares;
        }

        double[] free() {
            return free.clone();
        }

        /** Sum of squared residuals of logarithms. */
        double squares() {
            return squares;
        }
    }

    Solver(ParameterSpace space, List<Observation> observations) {
        this.space = space;
        this.times = new LogTimes(space, observations);
    }

    /**
     * The best of the solutions that {@code starts} lead to.
     *
     * @param logSeconds measured, in the order of the observations
     */
    Solution solve(double[] logSeconds, List<double[]> starts) {
        return find(logSeconds, starts)
                .orElseThrow(
                        () -> new IllegalArgumentException("no roofline fits these observations: all searches for its "
                                + space.size()
                                + " parameters failed; leave out runs whose times cannot be, such as of a"
                                + " damaged record, or add runs of other batch sizes, ranks and threads"));
    }

    /** The same; empty if all searches fail. */
    Optional<Solution> find(double[] logSeconds, List<double[]> starts) {
        return starts.stream()
                .map(start -> solve(logSeconds, start))
                .min(Comparator.comparingDouble(Solution::squares))
                .filter(best -> Double.isFinite(best.squares));
    }

    private Solution solve(double[] logSeconds, double[] start) {
        var problem = new LeastSquaresBuilder()
                .start(start)
                .model(times)
                .target(new ArrayRealVector(logSeconds, false))
                .maxEvaluations(MOST_EVALUATIONS)
                .maxIterations(MOST_EVALUATIONS)
                .lazyEvaluation(false)
                .build();
        try {
            Optimum optimum = new LevenbergMarquardtOptimizer()
                    .withCostRelativeTolerance(TOLERANCE)
                    .withParameterRelativeTolerance(TOLERANCE)
                    .optimize(problem);
            return new Solution(optimum.getPoint().toArray(), optimum.getCost() * optimum.getCost());
        } catch (ConvergenceException | TooManyEvaluationsException | TooManyIterationsException e) {
            // A bad start; another one is tried.
            return new Solution(start, Double.POSITIVE_INFINITY);
        }
    }
}
