package org.mlhpc.roofline.predict;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/**
 * Samples to convergence against batch size: a level that grows by one of two laws ({@link Growth}), with log-normal scatter.
 *
 * @param shape with the geometric mean of the batch sizes seen as its reference, and the scatter around the law
 * @param level samples to convergence at the reference
 * @param levelError standard error of the logarithm of the level; independent of that of the exponent under a power law, and to
 *     first order under the other
 * @param smallestBatch and largest, of those seen
 */
public record Convergence(Shape shape, double level, double levelError, double smallestBatch, double largestBatch) {
    /** Fewer points, or fewer batch sizes, do not tell one law from the other. */
    private static final int POINTS_TO_CHOOSE = 5;

    private static final int SIZES_TO_CHOOSE = 3;
    private static final int POINTS_TO_SCATTER = 3;

    /** Of an exponent: far below its error. */
    private static final double EXPONENT_TOLERANCE = 1e-9;

    private static final int MOST_EVALUATIONS = 1000;

    /**
     * What was seen at one batch size by one system, or in one run.
     *
     * @param resolution number of samples between two times at which convergence is looked for, an epoch; 0 if unknown
     */
    public record Point(double batch, double samples, double resolution) {
        public Point {
            if (!(batch > 0) || !(samples > 0) || !(resolution >= 0)) {
                throw new IllegalArgumentException("batch " + batch + " and " + samples
                        + " samples must be positive, and " + resolution + " between looks not negative");
            }
        }

        public Point(double batch, double samples) {
            this(batch, samples, 0);
        }

        /** Variance of the logarithm of samples from looking after whole epochs alone: that of a uniform distribution. */
        private double rounding() {
            return Math.pow(resolution / samples, 2) / 12;
        }
    }

    /**
     * The law without its level.
     *
     * @param reference batch size
     * @param exponent at the reference
     * @param error standard error of the exponent
     * @param scatter standard deviation of logarithms around the law where the exponent comes from
     * @param freedom behind {@code scatter}
     */
    public record Shape(Growth growth, double reference, double exponent, double error, double scatter, int freedom) {

        /** A law that is known for certain, with nothing said of the scatter around it. */
        public static Shape exact(Growth growth, double reference, double exponent) {
            return new Shape(growth, reference, exponent, 0, 0, 0);
        }

        /** The same law by its exponent at another reference; to first order the error of its samples stays the same. */
        Shape at(double other) {
            double ratio = other / reference;
            return new Shape(
                    growth,
                    other,
                    growth.exponentAt(ratio, exponent),
                    error * growth.exponentSlopeAt(ratio, exponent),
                    scatter,
                    freedom);
        }

        /** Logarithm of samples by those at the reference. */
        double log(double batch) {
            return growth.log(batch / reference, exponent);
        }

        /** By how much {@link #log} changes with an exponent that many standard errors away, but inside of its bounds. */
        double change(double batch, double errors) {
            double towards = batch > reference ? errors : -errors;
            double other =
                    Math.max(growth.leastExponent(), Math.min(growth.largestExponent(), exponent + towards * error));
            return growth.log(batch / reference, other) - log(batch);
        }
    }

    /**
     * Least squares of logarithms, by the law that predicts each batch size best from the others, so that nothing but these points
     * has a part in the choice; by a power law where they are fewer than five, or of two batch sizes. Empty for fewer than three
     * points or one batch size, which tell no exponent.
     */
    public static Optional<Convergence> of(List<Point> points) {
        return points.size() < 3 || sizes(points) < 2 ? Optional.empty() : Optional.of(of(points, growth(points)));
    }

    private static long sizes(List<Point> points) {
        return points.stream().map(Point::batch).distinct().count();
    }

    private static Growth growth(List<Point> points) {
        if (points.size() < POINTS_TO_CHOOSE || sizes(points) < SIZES_TO_CHOOSE) {
            return Growth.POWER;
        }
        return Arrays.stream(Growth.values())
                .min(Comparator.comparingDouble(growth -> heldOutSquares(points, growth)))
                .orElseThrow();
    }

    /** Of the logarithm of the mean at each batch size, predicted from all other sizes, as a new size would be. */
    private static double heldOutSquares(List<Point> points, Growth growth) {
        double sum = 0;
        for (double size : points.stream().mapToDouble(Point::batch).distinct().toArray()) {
            List<Point> left =
                    points.stream().filter(point -> point.batch == size).toList();
            List<Point> others =
                    points.stream().filter(point -> point.batch != size).toList();
            Convergence known = of(others, growth);
            sum += Math.pow(mean(residuals(left, known.shape)) - Math.log(known.level), 2);
        }
        return sum;
    }

    /** Of points of several batch sizes, by {@code growth}; two points tell nothing of their scatter. */
    static Convergence of(List<Point> points, Growth growth) {
        double reference = reference(points);
        double exponent = exponent(points, growth, reference);
        double[] logs = residuals(points, Shape.exact(growth, reference, exponent));
        int freedom = points.size() - 2;
        double scatter = scatter(squares(logs), freedom, points);
        double[] slopes = points.stream()
                .mapToDouble(point -> growth.slope(point.batch / reference, exponent))
                .toArray();
        double error = scatter / Math.sqrt(squares(slopes));
        return around(new Shape(growth, reference, exponent, error, scatter, freedom), points);
    }

    private static double exponent(List<Point> points, Growth growth, double reference) {
        return new BrentOptimizer(EXPONENT_TOLERANCE, EXPONENT_TOLERANCE)
                .optimize(
                        new MaxEval(MOST_EVALUATIONS),
                        new UnivariateObjectiveFunction(
                                tried -> squares(residuals(points, Shape.exact(growth, reference, tried)))),
                        GoalType.MINIMIZE,
                        new SearchInterval(growth.leastExponent(), growth.largestExponent()))
                .getPoint();
    }

    /**
     * The level of {@code points} with a shape from elsewhere, for points that do not tell one. The scatter of fewer than three
     * points is pooled with that of where the shape comes from, since so few do not tell it.
     *
     * @throws IllegalArgumentException if there is no point
     */
    public static Convergence with(Shape shape, List<Point> points) {
        if (points.isEmpty()) {
            throw new IllegalArgumentException("no run that converged, so its number of samples is unknown");
        }
        boolean pooled = points.size() < POINTS_TO_SCATTER;
        int freedom = points.size() - 1 + (pooled ? shape.freedom : 0);
        double squares =
                squares(residuals(points, shape)) + (pooled ? shape.freedom * shape.scatter * shape.scatter : 0);
        double scatter = scatter(squares, freedom, points);
        Shape own = shape.at(reference(points));
        return around(new Shape(own.growth, own.reference, own.exponent, own.error, scatter, freedom), points);
    }

    /** At least that of looking after whole epochs: equal numbers of them are no sign of certainty. */
    private static double scatter(double squares, int freedom, List<Point> points) {
        double seen = freedom > 0 ? squares / freedom : 0;
        double rounding = points.stream().mapToDouble(Point::rounding).average().orElseThrow();
        return Math.sqrt(Math.max(seen, rounding));
    }

    private static Convergence around(Shape shape, List<Point> points) {
        return new Convergence(
                shape,
                Math.exp(mean(residuals(points, shape))),
                shape.scatter / Math.sqrt(points.size()),
                points.stream().mapToDouble(Point::batch).min().orElseThrow(),
                points.stream().mapToDouble(Point::batch).max().orElseThrow());
    }

    /** Geometric mean of the batch sizes. */
    private static double reference(List<Point> points) {
        return Math.exp(points.stream()
                .mapToDouble(point -> Math.log(point.batch))
                .average()
                .orElseThrow());
    }

    private static double[] residuals(List<Point> points, Shape shape) {
        return points.stream()
                .mapToDouble(point -> Math.log(point.samples) - shape.log(point.batch))
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Of differences from the mean. */
    private static double squares(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
    }

    /** Samples to convergence at {@code batch}. */
    public double samples(double batch) {
        return level * Math.exp(shape.log(batch));
    }

    /** The law in words: samples to convergence. */
    public String formula() {
        return shape.growth.formula(level, shape.exponent, shape.reference);
    }

    /**
     * Samples to convergence of a new result that is as good as the share {@code probability} of all.
     *
     * @param probability between 0 and 1
     */
    public double quantile(double batch, double probability) {
        double deviations = new TDistribution(shape.freedom).inverseCumulativeProbability(probability);
        double size = Math.abs(deviations);
        double shift = Math.hypot(size * Math.hypot(shape.scatter, levelError), shape.change(batch, deviations));
        return samples(batch) * Math.exp(Math.signum(deviations) * shift);
    }

    /** By which factor {@code batch} lies outside of those seen; 1 inside. */
    public double extrapolation(double batch) {
        return Math.max(1, Math.max(batch / largestBatch, smallestBatch / batch));
    }
}
