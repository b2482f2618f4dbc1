package org.mlhpc.results.statistics;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.FDistribution;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/**
 * Samples to convergence as a function of the batch size: S = S_min (1 + B / B_crit), with log-normal runs around it (McCandlish,
 * Kaplan, Amodei and the OpenAI Dota Team, "An Empirical Model of Large-Batch Training", 2018, arXiv:1812.06162, section 2.3).
 * Intervals are profile likelihoods; an end that the data do not bound is 0 or infinite.
 *
 * @param leastSamples S_min
 * @param criticalBatch B_crit, in samples
 * @param logDeviation standard deviation around the curve, of logarithms
 * @param misfit whether the batch sizes scatter around the curve more than their runs explain; the intervals then count
 *     batch sizes, not runs
 */
public record CriticalBatch(
        double leastSamples,
        double criticalBatch,
        Interval leastSamplesInterval,
        Interval criticalBatchInterval,
        double logDeviation,
        boolean misfit) {
    private static final double SEARCHED_FACTOR = 1e4;
    private static final int GRID = 1000;
    private static final double MISFIT_LEVEL = 0.95;

    /** Runs at one batch size: samples to convergence. */
    public record Observation(double batch, Sample samples) {}

    /** Samples to convergence at {@code batch} by the fit. */
    public double samplesAt(double batch) {
        return leastSamples * (1 + batch / criticalBatch);
    }

    /** The fit as a sentence without its end. */
    public String inWords() {
        return String.format(
                Locale.ROOT,
                "samples to converge = %.4g (1 + batch / %.4g); 95 %% intervals: %s samples, critical batch %s%s",
                leastSamples,
                criticalBatch,
                words(leastSamplesInterval),
                words(criticalBatchInterval),
                misfit ? "; batch sizes scatter more around the curve than their runs explain" : "");
    }

    private static String words(Interval interval) {
        boolean low = interval.low() > 0;
        boolean high = !Double.isInfinite(interval.high());
        if (low && high) {
            return String.format(Locale.ROOT, "%.4g to %.4g", interval.low(), interval.high());
        }
        if (!low && !high) {
            return "not bounded";
        }
        return low
                ? String.format(Locale.ROOT, "at least %.4g", interval.low())
                : String.format(Locale.ROOT, "at most %.4g", interval.high());
    }

    /**
     * Fits the curve.
     *
     * @param confidence of the intervals
     * @return empty for fewer than two batch sizes, or if nothing but the curve's two parameters can be had from the data
     */
    public static Optional<CriticalBatch> fit(List<Observation> observations, double confidence) {
        long sizes =
                observations.stream().mapToDouble(Observation::batch).distinct().count();
        int runs = observations.stream().mapToInt(seen -> weight(seen)).sum();
        return sizes < 2 || runs < 3 ? Optional.empty() : Optional.of(new Fit(observations).fit(confidence));
    }

    /** A sample without known spread is one observation. */
    private static int weight(Observation seen) {
        return seen.samples.repeated() ? seen.samples.size() : 1;
    }

    /** Least squares of logarithms: for a given B_crit the best S_min is a mean, so that one parameter is left. */
    private static final class Fit {
        private final List<Point> points;
        private final int runs;
        private final double withinSquares;
        private final double lowest;
        private final double highest;

        Fit(List<Observation> seen) {
            this.points = seen.stream()
                    .map(each -> new Point(each.batch, each.samples.logMean(), weight(each)))
                    .toList();
            this.runs = seen.stream().mapToInt(CriticalBatch::weight).sum();
            this.withinSquares = seen.stream()
                    .filter(each -> each.samples.repeated())
                    .mapToDouble(each -> (each.samples.size() - 1) * each.samples.logVariance())
                    .sum();
            this.lowest =
                    Math.log(seen.stream().mapToDouble(Observation::batch).min().orElseThrow() / SEARCHED_FACTOR);
            this.highest =
                    Math.log(seen.stream().mapToDouble(Observation::batch).max().orElseThrow() * SEARCHED_FACTOR);
        }

        CriticalBatch fit(double confidence) {
            double best = best();
            double squares = squares(best);
            int between = points.size() - 2;
            int within = runs - points.size();
            double pooled = (squares + withinSquares) / (runs - 2);
            boolean misfit = between > 0 && isMisfit(squares / between, between, within);
            double variance = misfit ? squares / between : pooled;
            double t = StudentT.quantile((1 + confidence) / 2, misfit ? between : runs - 2);
            double allowed = squares + t * t * variance;
            return new CriticalBatch(
                    Math.exp(level(best)),
                    Math.exp(best),
                    leastSamples(allowed),
                    criticalBatch(allowed),
                    Math.sqrt(pooled),
                    misfit);
        }

        private boolean isMisfit(double betweenVariance, int between, int within) {
            return within > 0
                    && betweenVariance * within / withinSquares
                            > new FDistribution(between, within).inverseCumulativeProbability(MISFIT_LEVEL);
        }

        private record Point(double batch, double logMean, int weight) {
            double residual(double critical) {
                return logMean - Math.log1p(batch / Math.exp(critical));
            }
        }

        /** Logarithm of S_min that fits best for a logarithm of B_crit. */
        private double level(double critical) {
            double sum = 0;
            for (Point point : points) {
                sum += point.weight * point.residual(critical);
            }
            return sum / runs;
        }

        private double squares(double critical) {
            double level = level(critical);
            double sum = 0;
            for (Point point : points) {
                sum += point.weight * Math.pow(point.residual(critical) - level, 2);
            }
            return sum;
        }

        /** On a grid first, because the squares level off to both sides. */
        private double best() {
            double step = (highest - lowest) / GRID;
            double start = IntStream.rangeClosed(0, GRID)
                    .mapToObj(this::grid)
                    .min((a, b) -> Double.compare(squares(a), squares(b)))
                    .orElseThrow();
            return new BrentOptimizer(1e-10, 1e-12)
                    .optimize(
                            new MaxEval(500),
                            new UnivariateObjectiveFunction(this::squares),
                            GoalType.MINIMIZE,
                            new SearchInterval(start - step, start + step, start))
                    .getPoint();
        }

        private double grid(int index) {
            return lowest + (highest - lowest) * index / GRID;
        }

        private Interval criticalBatch(double allowed) {
            if (inside(allowed).findAny().isEmpty()) {
                return new Interval(Math.exp(best()), Math.exp(best()));
            }
            int first = inside(allowed).min().orElseThrow();
            int last = inside(allowed).max().orElseThrow();
            return new Interval(
                    first == 0 ? 0 : Math.exp(grid(first)),
                    last == GRID ? Double.POSITIVE_INFINITY : Math.exp(grid(last)));
        }

        private Interval leastSamples(double allowed) {
            boolean openBelow = inside(allowed).anyMatch(index -> index == 0);
            double low = inside(allowed)
                    .mapToDouble(i -> level(grid(i)) - slack(i, allowed))
                    .min()
                    .orElse(level(best()));
            double high = inside(allowed)
                    .mapToDouble(i -> level(grid(i)) + slack(i, allowed))
                    .max()
                    .orElse(level(best()));
            return new Interval(openBelow ? 0 : Math.exp(low), Math.exp(high));
        }

        private IntStream inside(double allowed) {
            return IntStream.rangeClosed(0, GRID).filter(index -> squares(grid(index)) <= allowed);
        }

        private double slack(int index, double allowed) {
            return Math.sqrt(Math.max(0, allowed - squares(grid(index))) / runs);
        }
    }
}
