package org.mlhpc.results.compare;

import java.util.List;
import java.util.Optional;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.roofline.predict.Convergence;
import org.mlhpc.roofline.predict.Convergence.Point;
import org.mlhpc.roofline.predict.Convergence.Shape;
import org.mlhpc.roofline.predict.Growth;

/**
 * Samples to convergence against batch size.
 *
 * @param tellsSpread whether more was seen than the law took up, so that there is an interval
 */
record SampleLaw(Convergence convergence, boolean tellsSpread) {
    /** All have the batch that is asked for, so that nothing grows. */
    private static final Shape NONE = Shape.exact(Growth.POWER, 1, 0);

    static SampleLaw of(Convergence fitted) {
        return new SampleLaw(fitted, true);
    }

    /**
     * The law of few results at {@code batch}: fitted to three or more of several batch sizes, through two of them without
     * interval, or their mean if all have the batch that is asked for. Empty if they do not tell.
     */
    static Optional<SampleLaw> ofFew(List<Point> points, double batch) {
        if (points.isEmpty()) {
            return Optional.empty();
        }
        List<Double> sizes = points.stream().map(Point::batch).distinct().toList();
        if (sizes.size() == 1) {
            return sizes.get(0) == batch
                    ? Optional.of(new SampleLaw(Convergence.with(NONE, points), points.size() > 1))
                    : Optional.empty();
        }
        return Convergence.of(points).map(SampleLaw::of).or(() -> Optional.of(through(points.get(0), points.get(1))));
    }

    private static SampleLaw through(Point one, Point other) {
        double exponent = Math.log(one.samples() / other.samples()) / Math.log(one.batch() / other.batch());
        return new SampleLaw(Convergence.with(Shape.exact(Growth.POWER, 1, exponent), List.of(one, other)), false);
    }

    String label() {
        return convergence.shape().exponent() == 0
                ? "constant"
                : convergence.shape().growth().label();
    }

    double samples(double batch) {
        return convergence.samples(batch);
    }

    /** Of the samples of a new result, 95 %. */
    Optional<Interval> interval(double batch) {
        double tail = (1 - Comparison.CONFIDENCE) / 2;
        return tellsSpread
                ? Optional.of(new Interval(convergence.quantile(batch, tail), convergence.quantile(batch, 1 - tail)))
                : Optional.empty();
    }
}
