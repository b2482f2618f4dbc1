package org.mlhpc.roofline.fit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.mlhpc.roofline.fit.Solver.Solution;

/**
 * Fits to data as they might have come out: the fitted times with residuals drawn with replacement (Efron and Tibshirani, "An
 * Introduction to the Bootstrap", 1993, chapter 9). Residuals are enlarged by sqrt(n / (n - parameters)), since a fit takes
 * up noise, and by the ratio of Student's t to the normal quantile, since their size is itself an estimate: without it the
 * middle 95 % of draws hold the truth in 93 % of cases only (24 and 40 runs, four resources).
 */
final class Bootstrap {
    /** Seeds of draws are this far apart, so that draws do not share random numbers. */
    private static final long STREAM = 0x9E3779B97F4A7C15L;

    private final Solver solver;
    private final double[] fitted;
    private final double[] residuals;
    private final long seed;

    /**
     * @param fitted logarithms of times by the fit
     * @param measured logarithms of measured times
     */
    Bootstrap(Solver solver, double[] fitted, double[] measured, int parameters, double confidence, long seed) {
        this.solver = solver;
        this.fitted = fitted;
        this.seed = seed;
        int count = fitted.length;
        int freedom = Math.max(1, count - parameters);
        double scale = Math.sqrt((double) count / freedom) * studentByNormal(freedom, (1 + confidence) / 2);
        double[] raw = new double[count];
        Arrays.setAll(raw, i -> measured[i] - fitted[i]);
        double mean = StatUtils.mean(raw);
        this.residuals = Arrays.stream(raw).map(each -> (each - mean) * scale).toArray();
    }

    private static double studentByNormal(int freedom, double probability) {
        return new TDistribution(freedom).inverseCumulativeProbability(probability)
                / new NormalDistribution().inverseCumulativeProbability(probability);
    }

    /**
     * Solutions of {@code draws} such data sets; those are left out for which every search fails.
     *
     * @param starts where each search begins
     */
    List<double[]> draw(int draws, List<double[]> starts) {
        return IntStream.range(0, draws)
                .parallel()
                .mapToObj(index -> solver.find(sample(new Random(seed + index * STREAM)), starts))
                .flatMap(Optional::stream)
                .map(Solution::free)
                .toList();
    }

    private double[] sample(Random random) {
        double[] logSeconds = new double[fitted.length];
        Arrays.setAll(logSeconds, i -> fitted[i] + residuals[random.nextInt(residuals.length)]);
        return logSeconds;
    }
}
