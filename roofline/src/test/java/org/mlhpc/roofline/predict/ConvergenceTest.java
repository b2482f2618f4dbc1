package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlhpc.roofline.predict.Convergence.Point;
import org.mlhpc.roofline.predict.Convergence.Shape;

class ConvergenceTest {
    /** The search ends at the square root of the rounding of doubles. */
    private static final double OF_A_MINIMUM = 1e-6;

    private static final double[] BATCHES = {64, 128, 256, 512, 512, 1024};

    @Test
    void findsAnExactPowerLaw() {
        Convergence found =
                Convergence.of(List.of(power(64), power(256), power(1024))).orElseThrow();
        assertEquals(0.4, found.shape().exponent(), OF_A_MINIMUM);
        assertEquals(1, power(512).samples() / found.samples(512), OF_A_MINIMUM);
        assertEquals(0, found.shape().scatter(), OF_A_MINIMUM);
        assertEquals(1, found.extrapolation(300), 0);
        assertEquals(4, found.extrapolation(4096), 1e-12);
        assertEquals(2, found.extrapolation(32), 1e-12);
    }

    private static Point power(double batch) {
        return new Point(batch, 1e6 * Math.pow(batch, 0.4));
    }

    /** S = S_min (1 + B / B_crit). */
    private static Point critical(double batch) {
        return new Point(batch, 1e6 * (1 + batch / 300));
    }

    @Test
    void findsAnExactCriticalBatchSize() {
        List<Point> points =
                Arrays.stream(BATCHES).mapToObj(ConvergenceTest::critical).toList();
        Convergence found = Convergence.of(points).orElseThrow();
        assertEquals(Growth.CRITICAL_BATCH, found.shape().growth());
        double reference = found.shape().reference();
        double exponent = found.shape().exponent();
        assertEquals(300, reference * (1 - exponent) / exponent, 300 * 1e-4);
        assertEquals(1, critical(8192).samples() / found.samples(8192), 1e-4);
        assertTrue(found.formula().contains(" batch / "), found::formula);
    }

    /** With a scatter of a tenth, six points find the law that they come from in most cases. */
    @ParameterizedTest
    @EnumSource(Growth.class)
    void choosesTheLawThatPredictsBatchSizesLeftOut(Growth truth) {
        int found = 0;
        for (int trial = 0; trial < 200; trial++) {
            List<Point> points = noisy(truth, 0.1, new Random(trial));
            found += Convergence.of(points).orElseThrow().shape().growth() == truth ? 1 : 0;
        }
        assertTrue(found > 120, truth + " was found " + found + " times of 200");
    }

    private static List<Point> noisy(Growth law, double scatter, Random random) {
        return Arrays.stream(BATCHES)
                .mapToObj(batch -> noisy(law, batch, scatter, random))
                .toList();
    }

    private static Point noisy(Growth law, double batch, double scatter, Random random) {
        Point exact = law == Growth.POWER ? power(batch) : critical(batch);
        return new Point(batch, exact.samples() * Math.exp(scatter * random.nextGaussian()));
    }

    @ParameterizedTest
    @EnumSource(Growth.class)
    void intervalsHoldANewResultAtTheNominalRate(Growth law) {
        int trials = 2000;
        int held = 0;
        for (int trial = 0; trial < trials; trial++) {
            var random = new Random(trial);
            Convergence found = Convergence.of(noisy(law, 0.1, random), law);
            double fresh = noisy(law, 2048, 0.1, random).samples();
            held += found.quantile(2048, 0.025) <= fresh && fresh <= found.quantile(2048, 0.975) ? 1 : 0;
        }
        // Normal noise, Student's t: exact for the linear model but for the count, whose deviation is 10, the square
        // root of
        // 2000 * 0.95 * 0.05; the other is linear to first order in its exponent.
        assertEquals(0.95 * trials, held, 30);
    }

    @Test
    void takesTheShapeFromElsewhere() {
        var shape = new Shape(Growth.POWER, 700, 0.5, 0.1, 0.2, 10);
        Convergence found = Convergence.with(shape, List.of(new Point(100, 1000), new Point(100, 1200)));
        assertEquals(2 * Math.sqrt(1000 * 1200), found.samples(400), 1e-6);
        assertTrue(spread(found, 400) > spread(found, 100));
        // A single run says nothing about the scatter of runs.
        Convergence single = Convergence.with(shape, List.of(new Point(100, 1000)));
        assertEquals(0.2, single.shape().scatter(), 1e-12);
        assertTrue(spread(single, 100) > 2 * 0.4);
    }

    /** Width of the 95 % interval of the logarithm. */
    private static double spread(Convergence known, double batch) {
        return Math.log(known.quantile(batch, 0.975) / known.quantile(batch, 0.025));
    }

    /** Three runs that took four epochs each may have needed any number between three and four. */
    @Test
    void equalNumbersOfEpochsAreNoCertainty() {
        var shape = new Shape(Growth.POWER, 700, 0.5, 0.1, 0.2, 10);
        var run = new Point(100, 4000, 1000);
        Convergence found = Convergence.with(shape, List.of(run, run, run));
        assertEquals(0.25 / Math.sqrt(12), found.shape().scatter(), 1e-12);
    }

    /** Larger batches that cost nothing yet cost less than nothing nowhere, whatever the error of the exponent. */
    @Test
    void samplesDoNotFallWithTheBatch() {
        var shape = new Shape(Growth.CRITICAL_BATCH, 100, 0, 0.02, 0, 10);
        Convergence found =
                Convergence.with(shape, List.of(new Point(100, 1000), new Point(100, 1000), new Point(100, 1000)));
        assertEquals(1000, found.quantile(10_000, 0.025), 1e-6);
        assertTrue(found.quantile(10_000, 0.975) > 3000);
        var steep = new Shape(Growth.CRITICAL_BATCH, 100, 1, 0.02, 0, 10);
        Convergence proportional =
                Convergence.with(steep, List.of(new Point(100, 1000), new Point(100, 1000), new Point(100, 1000)));
        assertEquals(100_000, proportional.quantile(10_000, 0.975), 1e-3);
    }

    /** Three runs tell their own scatter, whatever that of others is. */
    @Test
    void enoughRunsHaveTheirOwnScatter() {
        var shape = new Shape(Growth.POWER, 700, 0.5, 0.1, 0.2, 10);
        Convergence found =
                Convergence.with(shape, List.of(new Point(100, 1000), new Point(100, 1010), new Point(100, 990)));
        assertEquals(0.01, found.shape().scatter(), 1e-4);
        assertEquals(2, found.shape().freedom());
    }

    /** S_min and B_crit of elsewhere are told at another reference, and the errors with them. */
    @Test
    void aShapeIsTheSameAtAnotherReference() {
        var published = new Shape(Growth.CRITICAL_BATCH, 700, 0.7, 0.05, 0.2, 10);
        Convergence found = Convergence.with(published, List.of(new Point(100, 1000)));
        double growth = Math.exp(published.log(3000) - published.log(100));
        assertEquals(1000 * growth, found.samples(3000), 1e-6 * 1000 * growth);
        // What a smaller exponent does to the samples, seen from either reference; errors are moved to first order.
        double moved = Math.exp(found.shape().change(3000, -0.1));
        assertEquals(Math.exp(published.change(3000, -0.1) - published.change(100, 0.1)), moved, 1e-3);
        // Student's t with ten degrees of freedom.
        assertEquals(2 * 2.228 * Math.hypot(0.2, 0.2), spread(found, 100), 1e-3);
    }

    @Test
    void refusesWhatTellsNoExponent() {
        assertEquals(Optional.empty(), Convergence.of(List.of(new Point(8, 1), new Point(8, 2), new Point(8, 3))));
        assertEquals(Optional.empty(), Convergence.of(List.of(new Point(8, 1), new Point(16, 2))));
        Shape none = Shape.exact(Growth.POWER, 1, 0);
        assertThrows(IllegalArgumentException.class, () -> Convergence.with(none, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Point(0, 1));
    }
}
