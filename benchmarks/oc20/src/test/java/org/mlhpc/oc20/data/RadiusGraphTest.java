package org.mlhpc.oc20.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadiusGraphTest {
    private static final int IMAGES = 8;

    /** All images within {@link #IMAGES} cells, looked at one by one. */
    private static Set<String> bruteForce(double[] positions, double[] cell, double cutoff) {
        var found = new TreeSet<String>();
        int atoms = positions.length / 3;
        for (int t = 0; t < atoms; t++) {
            for (int s = 0; s < atoms; s++) {
                for (int a = -IMAGES; a <= IMAGES; a++) {
                    for (int b = -IMAGES; b <= IMAGES; b++) {
                        for (int c = -IMAGES; c <= IMAGES; c++) {
                            double square = 0;
                            for (int k = 0; k < 3; k++) {
                                double d = positions[3 * s + k]
                                        - positions[3 * t + k]
                                        + a * cell[k]
                                        + b * cell[3 + k]
                                        + c * cell[6 + k];
                                square += d * d;
                            }
                            if (square <= cutoff * cutoff && square > 0) {
                                found.add(s + ">" + t + " " + a + "," + b + "," + c);
                            }
                        }
                    }
                }
            }
        }
        return found;
    }

    private static Set<String> found(Edges edges) {
        var found = new TreeSet<String>();
        for (int e = 0; e < edges.count(); e++) {
            found.add(edges.source()[e] + ">" + edges.target()[e] + " " + edges.offset()[3 * e] + ","
                    + edges.offset()[3 * e + 1] + "," + edges.offset()[3 * e + 2]);
        }
        assertEquals(edges.count(), found.size(), "no edge twice");
        return found;
    }

    /** Skewed and flat cells, atoms outside of them, cutoffs beyond several images. */
    @ParameterizedTest
    @CsvSource({"1, 3.0", "2, 5.0", "3, 7.5", "4, 1.0"})
    void findsWhatLookingAtEveryImageFinds(long seed, double cutoff) {
        var random = new Random(seed);
        double[] cell = {3, 0, 0, 1.5 * random.nextDouble(), 2.5, 0.3, -1, 0.5, 4};
        double[] positions = new double[12];
        Arrays.setAll(positions, i -> 20 * random.nextDouble() - 10);
        // Brute force needs the images of atoms that are far apart, so bring them closer.
        double[] closer = Arrays.stream(positions).map(x -> x / 4).toArray();

        assertEquals(bruteForce(closer, cell, cutoff), found(new RadiusGraph(cutoff, 100_000).of(closer, cell)));
    }

    @Test
    void keepsTheNearest() {
        var random = new Random(5);
        double[] cell = {4, 0, 0, 0, 4, 0, 0, 0, 4};
        double[] positions = random.doubles(9).map(x -> 4 * x).toArray();
        Edges few = new RadiusGraph(6, 10).of(positions, cell);
        Edges all = new RadiusGraph(6, 10_000).of(positions, cell);

        for (int atom = 0; atom < 3; atom++) {
            double[] kept = lengths(few, atom, positions, cell);
            double[] expected = Arrays.copyOf(lengths(all, atom, positions, cell), 10);
            assertEquals(Arrays.toString(expected), Arrays.toString(kept));
        }
    }

    private static double[] lengths(Edges edges, int target, double[] positions, double[] cell) {
        var lengths = new ArrayList<Double>();
        for (int e = 0; e < edges.count(); e++) {
            if (edges.target()[e] == target) {
                double square = 0;
                for (int k = 0; k < 3; k++) {
                    double d = positions[3 * edges.source()[e] + k] - positions[3 * target + k];
                    for (int axis = 0; axis < 3; axis++) {
                        d += edges.offset()[3 * e + axis] * cell[3 * axis + k];
                    }
                    square += d * d;
                }
                lengths.add((double) Math.round(1e9 * Math.sqrt(square)));
            }
        }
        return lengths.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    @Test
    void flatCellsAreRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> new RadiusGraph(6, 10)
                .of(new double[3], new double[] {1, 0, 0, 2, 0, 0, 0, 0, 1}));
        assertTrue(e.getMessage().contains("volume"), e.getMessage());
    }

    private static String refusal(double[] positions, double... cell) {
        return assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThrows(
                        IllegalArgumentException.class, () -> new RadiusGraph(6, 50).of(positions, cell))
                .getMessage());
    }

    /** Numbers of cells beyond an int; a cell of 0.05 Å with 400 thousand million pairs; two that are flat but have volume. */
    @Test
    void damagedPositionsAndCellsAreRefused() {
        for (double far : new double[] {-1e12, 1e12, 1e300, 6e3}) {
            assertEquals(
                    "atom 1 is more than 500 cells away from the first one",
                    refusal(new double[] {0, 0, 0, 1, far, 2}, 10, 0, 0, 0, 10, 0, 0, 0, 10));
        }
        assertEquals(
                "the cell is too small for its 10 atoms: each would have 7.24e+07 neighbours within 6.0 Å",
                refusal(new double[30], 0.05, 0, 0, 0, 0.05, 0, 0, 0, 0.05));
        assertTrue(refusal(new double[3], 1e-3, 0, 0, 0, 1e3, 0, 0, 0, 1e3).contains("too flat"));
        assertTrue(
                refusal(new double[3], 300, 0, 0, 0, 300, 1e-2, 300, 300, 0.1).contains("too flat"));
    }

    /** So many atoms within reach of each other that the furthest are let go of on the way. */
    @Test
    void crowdsKeepTheNearest() {
        var random = new Random(6);
        double[] cell = {50, 0, 0, 0, 50, 0, 0, 0, 50};
        double[] positions = random.doubles(3 * 1100).map(x -> 2 * x).toArray();
        Edges few = new RadiusGraph(6, 20).of(positions, cell);
        Edges all = new RadiusGraph(6, 10_000).of(positions, cell);

        assertEquals(20 * 1100, few.count());
        for (int atom = 0; atom < 1100; atom += 250) {
            double[] kept = lengths(few, atom, positions, cell);
            double[] expected = Arrays.copyOf(lengths(all, atom, positions, cell), 20);
            assertEquals(Arrays.toString(expected), Arrays.toString(kept));
        }
    }
}
