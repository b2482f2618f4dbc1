package org.mlhpc.oc20.data;

import java.util.Arrays;
import java.util.Locale;

/** Pairs of atoms, and of their periodic images, closer than a cutoff. All three lattice vectors repeat. */
public final class PeriodicPairs {
    /** In cells; whoever is further off is no neighbour of anybody, and numbers of cells stay far from overflow. */
    static final int MAX_OFFSET = 1_000;

    private static final int AXES = 3;
    /** Solids have some 70 within 6 Å; what has as many as this is a damaged cell, and its pairs would fill the memory. */
    private static final double MAX_EXPECTED_NEIGHBOURS = 10_000;
    /** Images of an atom that are looked at for each pair; a cell of one atom has some 250. */
    private static final double MAX_IMAGES = 100_000;

    private final double[] positions;
    private final double[] cell;
    /** Rows turn a position into its coordinates along the lattice vectors. */
    private final double[] inverse;

    private final double cutoff;
    /** The cutoff in units of the distance between opposite faces of the cell, by axis. */
    private final double[] reach = new double[AXES];

    /** Told of a pair in both directions, ordered by {@code target}, then {@code source}, then offset. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * A pair.
         *
         * @param offset the image of the source, in cells; reused for the next pair
         * @param vector from target to source, in Å; reused for the next pair
         */
        void pair(int target, int source, int[] offset, double[] vector, double distance);
    }

    /**
     * Prepares the search.
     *
     * @param positions three by atom, in Å; also outside of the cell
     * @param cell three lattice vectors, row by row, in Å
     * @throws IllegalArgumentException if the lattice vectors span no volume, or one so small or so flat that atoms have
     *     thousands of neighbours
     */
    public PeriodicPairs(double[] positions, double[] cell, double cutoff) {
        this.positions = positions;
        this.cell = cell;
        this.cutoff = cutoff;
        this.inverse = inverse(cell);
        for (int axis = 0; axis < AXES; axis++) {
            double norm = Math.sqrt(inverse[3 * axis] * inverse[3 * axis]
                    + inverse[3 * axis + 1] * inverse[3 * axis + 1]
                    + inverse[3 * axis + 2] * inverse[3 * axis + 2]);
            reach[axis] = cutoff * norm;
        }
        requireSparse();
    }

    private void requireSparse() {
        int atoms = positions.length / AXES;
        double expected = atoms * Math.abs(determinant(inverse)) * 4 / 3 * Math.PI * cutoff * cutoff * cutoff;
        if (!(expected <= MAX_EXPECTED_NEIGHBOURS)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the cell is too small for its %d atoms: each would have %.3g neighbours within %s Å",
                    atoms,
                    expected,
                    cutoff));
        }
        boolean far = Arrays.stream(reach).anyMatch(cells -> cells > MAX_OFFSET / 2.0);
        if (far || !((2 * reach[0] + 1) * (2 * reach[1] + 1) * (2 * reach[2] + 1) <= MAX_IMAGES)) {
            throw new IllegalArgumentException("the cell is too flat to find the images within " + cutoff + " Å");
        }
    }

    private static double determinant(double[] c) {
        return c[0] * (c[4] * c[8] - c[5] * c[7])
                + c[1] * (c[5] * c[6] - c[3] * c[8])
                + c[2] * (c[3] * c[7] - c[4] * c[6]);
    }

    private static double[] inverse(double[] c) {
        double[] cofactors = new double[AXES * AXES];
        for (int axis = 0; axis < AXES; axis++) {
            int a = 3 * ((axis + 1) % AXES);
            int b = 3 * ((axis + 2) % AXES);
            cofactors[3 * axis] = c[a + 1] * c[b + 2] - c[a + 2] * c[b + 1];
            cofactors[3 * axis + 1] = c[a + 2] * c[b] - c[a] * c[b + 2];
            cofactors[3 * axis + 2] = c[a] * c[b + 1] - c[a + 1] * c[b];
        }
        double volume = determinant(c);
        // In Å^3, of which an atom takes ten. Cells that have a volume and yet are too flat are refused by their number
        // of images.
        if (!(Math.abs(volume) > 1e-6)) {
            throw new IllegalArgumentException("the lattice vectors span no volume");
        }
        for (int i = 0; i < cofactors.length; i++) {
            cofactors[i] /= volume;
        }
        return cofactors;
    }

    /**
     * Visits all pairs but those of an atom with itself.
     *
     * @throws IllegalArgumentException if an atom is 500 cells away from the first one or more
     */
    public void forEach(Visitor visitor) {
        int atoms = positions.length / AXES;
        double[] fractional = fractional();
        requireNear(fractional);
        var search = new Search(visitor, fractional);
        for (int target = 0; target < atoms; target++) {
            for (int source = 0; source < atoms; source++) {
                search.images(target, source);
            }
        }
    }

    /** Coordinates along the lattice vectors, three by atom. */
    private double[] fractional() {
        double[] fractional = new double[positions.length];
        for (int i = 0; i < positions.length; i++) {
            int atom = i / AXES * AXES;
            int axis = i % AXES;
            for (int k = 0; k < AXES; k++) {
                fractional[i] += inverse[3 * axis + k] * positions[atom + k];
            }
        }
        return fractional;
    }

    private void requireNear(double[] fractional) {
        for (int i = AXES; i < fractional.length; i++) {
            // Half of it from the first atom, so that no two atoms are further apart than all of it.
            double distance = Math.abs(fractional[i] - fractional[i % AXES]) + reach[i % AXES] / 2;
            if (!(distance <= MAX_OFFSET / 2.0)) {
                throw new IllegalArgumentException(
                        "atom " + i / AXES + " is more than " + MAX_OFFSET / 2 + " cells away from the first one");
            }
        }
    }

    /** Buffers of one walk over all pairs. */
    private final class Search {
        private final Visitor visitor;
        private final double[] fractional;
        private final int[] offset = new int[AXES];
        private final double[] vector = new double[AXES];

        Search(Visitor visitor, double[] fractional) {
            this.visitor = visitor;
            this.fractional = fractional;
        }

        private int first(int axis, double difference) {
            return (int) Math.ceil(-reach[axis] - difference);
        }

        private int last(int axis, double difference) {
            return (int) Math.floor(reach[axis] - difference);
        }

        void images(int target, int source) {
            double x = fractional[3 * source] - fractional[3 * target];
            double y = fractional[3 * source + 1] - fractional[3 * target + 1];
            double z = fractional[3 * source + 2] - fractional[3 * target + 2];
            for (offset[0] = first(0, x); offset[0] <= last(0, x); offset[0]++) {
                for (offset[1] = first(1, y); offset[1] <= last(1, y); offset[1]++) {
                    for (offset[2] = first(2, z); offset[2] <= last(2, z); offset[2]++) {
                        visit(target, source);
                    }
                }
            }
        }

        private void visit(int target, int source) {
            if (target == source && offset[0] == 0 && offset[1] == 0 && offset[2] == 0) {
                return;
            }
            double square = 0;
            for (int k = 0; k < AXES; k++) {
                vector[k] = positions[3 * source + k]
                        - positions[3 * target + k]
                        + offset[0] * cell[k]
                        + offset[1] * cell[3 + k]
                        + offset[2] * cell[6 + k];
                square += vector[k] * vector[k];
            }
            if (square <= cutoff * cutoff) {
                visitor.pair(target, source, offset, vector, Math.sqrt(square));
            }
        }
    }
}
