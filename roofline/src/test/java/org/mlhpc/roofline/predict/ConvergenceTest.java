package org.mlhpc.roofline.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mlhpc.roofline.predict.Convergence.Exponent;
import org.mlhpc.roofline.predict.Convergence.Point;

class ConvergenceTest {
    @Test
    void findsAnExactPowerLaw() {
        var points = List.of(point(64), point(256), point(1024));
        Convergence found = Convergence.of(points).orElseThrow();
        assertEquals(0.4, found.exponent(), 1e-12);
        assertEquals(point(512).samples(), found.samples(512), 1e-6 * point(512).samples());
        assertEquals(0, found.scatter(), 1e-7);
        assertEquals(1, found.extrapolation(300), 0);
        assertEquals(4, found.extrapolation(4096), 1e-12);
        assertEquals(2, found.extrapolation(32), 1e-12);
    }

    private static Point point(double batch) {
        return new Point(batch, 1e6 * Math.pow(batch, 0.4));
    }

    @Test
    void intervalsHoldANewResultAtTheNominalRate() {
        int trials = 2000;
        int held = 0;
        for (int trial = 0; trial < trials; trial++) {
            var random = new Random(trial);
            var points = new ArrayList<Point>();
            for (double batch : new double[] {64, 128, 256, 512, 512, 1024}) {
                points.add(noisy(batch, random));
            }
            Convergence found = Convergence.of(points).orElseThrow();
            double deviation =
                    Math.abs(Math.log(found.samples(2048) / noisy(2048, random).samples()));
            held += deviation <= found.margin(2048, 0.95) ? 1 : 0;
        }
        // Normal noise, linear model, Student's t: exact but for the count, whose deviation is sqrt(2000 * 0.95 * 0.05)
        // = 10.
        assertEquals(0.95 * trials, held, 30);
    }

    private static Point noisy(double batch, Random random) {
        return new Point(batch, point(batch).samples() * Math.exp(0.1 * random.nextGaussian()));
    }

    @Test
    void takesTheExponentFromElsewhere() {
        Convergence found =
                Convergence.with(new Exponent(0.5, 0.1, 0.2, 10), List.of(new Point(100, 1000), new Point(100, 1200)));
        assertEquals(2 * Math.sqrt(1000 * 1200), found.samples(400), 1e-6);
        assertTrue(found.error(400) > found.error(100));
        // A single run says nothing about the scatter of runs.
        Convergence single = Convergence.with(new Exponent(0.5, 0.1, 0.2, 10), List.of(new Point(100, 1000)));
        assertEquals(0.2, single.scatter(), 1e-12);
        assertTrue(single.margin(100, 0.95) > 0.4);
    }

    @Test
    void refusesWhatTellsNoExponent() {
        assertEquals(Optional.empty(), Convergence.of(List.of(new Point(8, 1), new Point(8, 2), new Point(8, 3))));
        assertEquals(Optional.empty(), Convergence.of(List.of(new Point(8, 1), new Point(16, 2))));
        assertThrows(IllegalArgumentException.class, () -> Convergence.with(new Exponent(0, 0, 0, 1), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Point(0, 1));
    }
}
