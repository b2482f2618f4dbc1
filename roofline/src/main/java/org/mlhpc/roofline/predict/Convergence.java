package org.mlhpc.roofline.predict;

import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Samples to convergence against batch size as a power law: samples = level (batch / reference)^exponent, with log-normal
 * scatter. An exponent of 0 means that larger batches cost nothing, 1 that the number of steps stays the same. Published
 * results follow it better than the curve of the critical batch size, because submitters tune each batch size on its own
 * (docs/log.md).
 *
 * @param referenceBatch geometric mean of the batch sizes seen, where level and exponent are independent
 * @param level samples to convergence at the reference
 * @param levelError standard error of the logarithm of the level
 * @param exponentError standard error of the exponent
 * @param scatter standard deviation of logarithms around the law
 * @param freedom observations beyond those that the parameters used up
 * @param smallestBatch and largest, of those seen
 */
public record Convergence(
        double referenceBatch,
        double level,
        double levelError,
        double exponent,
        double exponentError,
        double scatter,
        int freedom,
        double smallestBatch,
        double largestBatch) {

    /** What was seen at one batch size by one system, or in one run. */
    public record Point(double batch, double samples) {
        public Point {
            if (!(batch > 0) || !(samples > 0)) {
                throw new IllegalArgumentException("batch " + batch + " and " + samples + " samples must be positive");
            }
        }
    }

    /**
     * An exponent from somewhere else.
     *
     * @param error its standard error
     * @param scatter standard deviation of logarithms around the law it comes from
     * @param freedom behind {@code scatter}
     */
    public record Exponent(double value, double error, double scatter, int freedom) {}

    /** Least squares of logarithms; empty for fewer than three points or one batch size, which tell no exponent. */
    public static Optional<Convergence> of(List<Point> points) {
        long sizes = points.stream().map(Point::batch).distinct().count();
        return points.size() < 3 || sizes < 2 ? Optional.empty() : Optional.of(leastSquares(points));
    }

    private static Convergence leastSquares(List<Point> points) {
        double center = meanLog(points);
        double spread = points.stream()
                .mapToDouble(point -> Math.pow(Math.log(point.batch) - center, 2))
                .sum();
        double level = meanLogSamples(points);
        double exponent = points.stream()
                        .mapToDouble(point -> (Math.log(point.batch) - center) * (Math.log(point.samples) - level))
                        .sum()
                / spread;
        double scatter = Math.sqrt(squares(points, center, level, exponent) / (points.size() - 2));
        return new Convergence(
                Math.exp(center),
                Math.exp(level),
                scatter / Math.sqrt(points.size()),
                exponent,
                scatter / Math.sqrt(spread),
                scatter,
                points.size() - 2,
                smallest(points),
                largest(points));
    }

    /**
     * The level of {@code points} with an exponent from elsewhere, for points that do not tell one. Their scatter is pooled with
     * that of where the exponent comes from, since a single point has none.
     *
     * @throws IllegalArgumentException if there is no point
     */
    public static Convergence with(Exponent exponent, List<Point> points) {
        if (points.isEmpty()) {
            throw new IllegalArgumentException("no run that converged, so its number of samples is unknown");
        }
        double center = meanLog(points);
        double level = meanLogSamples(points);
        int freedom = points.size() - 1 + exponent.freedom;
        double pooled =
                squares(points, center, level, exponent.value) + exponent.freedom * exponent.scatter * exponent.scatter;
        double scatter = Math.sqrt(pooled / freedom);
        return new Convergence(
                Math.exp(center),
                Math.exp(level),
                scatter / Math.sqrt(points.size()),
                exponent.value,
                exponent.error,
                scatter,
                freedom,
                smallest(points),
                largest(points));
    }

    private static double meanLog(List<Point> points) {
        return points.stream()
                .mapToDouble(point -> Math.log(point.batch))
                .average()
                .orElse(Double.NaN);
    }

    private static double meanLogSamples(List<Point> points) {
        return points.stream()
                .mapToDouble(point -> Math.log(point.samples))
                .average()
                .orElse(Double.NaN);
    }

    private static double squares(List<Point> points, double center, double level, double exponent) {
        return points.stream()
                .mapToDouble(point -> Math.log(point.samples) - level - exponent * (Math.log(point.batch) - center))
                .map(residual -> residual * residual)
                .sum();
    }

    private static double smallest(List<Point> points) {
        return points.stream().mapToDouble(Point::batch).min().orElseThrow();
    }

    private static double largest(List<Point> points) {
        return points.stream().mapToDouble(Point::batch).max().orElseThrow();
    }

    public Exponent asExponent() {
        return new Exponent(exponent, exponentError, scatter, freedom);
    }

    /** Samples to convergence at {@code batch}. */
    public double samples(double batch) {
        return level * Math.pow(batch / referenceBatch, exponent);
    }

    /** Standard deviation of the logarithm of the mean at {@code batch}, the scatter of single results not included. */
    public double error(double batch) {
        return Math.hypot(levelError, exponentError * Math.log(batch / referenceBatch));
    }

    /**
     * Samples to convergence of a new result that is as good as the share {@code probability} of all.
     *
     * @param probability between 0 and 1
     */
    public double quantile(double batch, double probability) {
        double deviation = new TDistribution(freedom).inverseCumulativeProbability(probability);
        return samples(batch) * Math.exp(deviation * Math.hypot(scatter, error(batch)));
    }

    /** Half the width of the interval of a new result's logarithm at {@code batch}. */
    public double margin(double batch, double confidence) {
        return new TDistribution(freedom).inverseCumulativeProbability((1 + confidence) / 2)
                * Math.hypot(scatter, error(batch));
    }

    /** By which factor {@code batch} lies outside of those seen; 1 inside. */
    public double extrapolation(double batch) {
        return Math.max(1, Math.max(batch / largestBatch, smallestBatch / batch));
    }
}
