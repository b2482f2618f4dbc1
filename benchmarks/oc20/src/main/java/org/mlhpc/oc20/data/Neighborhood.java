package org.mlhpc.oc20.data;

import java.util.Arrays;

/**
 * The edges of one graph, ordered by target, with what the network needs to know of them.
 *
 * @param vector from target to source in Å, three by edge
 * @param reverse the edge back, from target to this image of the source; -1 where it was cut off
 * @param mostIncoming edges of the atom with the most that end there
 * @param mostOutgoing edges of the atom with the most that begin there
 * @param triplets pairs of edges k to j and j to i, without those that return to where they came from
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Neighborhood(
        int[] source, int[] target, float[] vector, int[] reverse, int mostIncoming, int mostOutgoing, long triplets) {

    /**
     * Of lengths that positions in float32 leave uncertain: below 32 Å they are rounded by 2^-20 Å = 1e-6 Å at most, a difference of two by
     * 2e-6 Å, and the cutoff is some Å.
     */
    private static final double TOLERANCE = 1e-6;

    /** Those of {@code edges} that have a direction and are no longer than {@code cutoff}, in Å. */
    static Neighborhood of(AtomGraph graph, Edges edges, double cutoff) {
        int[] order = byTarget(edges, graph.atoms(), usable(graph, edges, cutoff));
        int count = order.length;
        int[] source = new int[count];
        int[] target = new int[count];
        int[] offset = new int[3 * count];
        float[] vector = new float[3 * count];
        for (int e = 0; e < count; e++) {
            source[e] = edges.source()[order[e]];
            target[e] = edges.target()[order[e]];
            System.arraycopy(edges.offset(), 3 * order[e], offset, 3 * e, 3);
            for (int k = 0; k < 3; k++) {
                vector[3 * e + k] = (float) component(graph, edges, order[e], k);
            }
        }
        int[] begin = begins(target, graph.atoms());
        int[] reverse = reverses(source, target, offset, begin);
        int[] outgoing = counts(source, graph.atoms());
        long triplets = -Arrays.stream(reverse).filter(back -> back >= 0).count();
        for (int e = 0; e < count; e++) {
            triplets += begin[source[e] + 1] - begin[source[e]];
        }
        int mostIncoming = Arrays.stream(counts(target, graph.atoms())).max().orElse(0);
        int mostOutgoing = Arrays.stream(outgoing).max().orElse(0);
        return new Neighborhood(source, target, vector, reverse, mostIncoming, mostOutgoing, triplets);
    }

    int count() {
        return source.length;
    }

    private static double component(AtomGraph graph, Edges edges, int edge, int axis) {
        double[] positions = graph.positions();
        double value = positions[3 * edges.source()[edge] + axis] - positions[3 * edges.target()[edge] + axis];
        for (int k = 0; k < 3; k++) {
            value += edges.offset()[3 * edge + k] * graph.cell()[3 * k + axis];
        }
        return value;
    }

    /**
     * Edges without length have no direction; the published network leaves them out. Beyond the cutoff the envelope is not
     * defined: it grows without limit.
     */
    private static boolean[] usable(AtomGraph graph, Edges edges, double cutoff) {
        double longest = cutoff * (1 + TOLERANCE);
        boolean[] usable = new boolean[edges.count()];
        for (int e = 0; e < usable.length; e++) {
            double x = component(graph, edges, e, 0);
            double y = component(graph, edges, e, 1);
            double z = component(graph, edges, e, 2);
            boolean nonzero = (float) x != 0 || (float) y != 0 || (float) z != 0;
            usable[e] = nonzero && x * x + y * y + z * z <= longest * longest;
        }
        return usable;
    }

    /** The kept edges by target, in their order otherwise. */
    private static int[] byTarget(Edges edges, int atoms, boolean[] keep) {
        int[] next = new int[atoms + 1];
        for (int e = 0; e < keep.length; e++) {
            next[edges.target()[e] + 1] += keep[e] ? 1 : 0;
        }
        Arrays.parallelPrefix(next, Integer::sum);
        int[] order = new int[next[atoms]];
        for (int e = 0; e < keep.length; e++) {
            if (keep[e]) {
                order[next[edges.target()[e]]++] = e;
            }
        }
        return order;
    }

    private static int[] counts(int[] atomByEdge, int atoms) {
        int[] counts = new int[atoms];
        for (int atom : atomByEdge) {
            counts[atom]++;
        }
        return counts;
    }

    /** Where the edges of each target begin; at last their number. */
    private static int[] begins(int[] target, int atoms) {
        int[] begins = new int[atoms + 1];
        for (int atom : target) {
            begins[atom + 1]++;
        }
        Arrays.parallelPrefix(begins, Integer::sum);
        return begins;
    }

    private static int[] reverses(int[] source, int[] target, int[] offset, int[] begin) {
        int[] reverse = new int[source.length];
        Arrays.fill(reverse, -1);
        for (int e = 0; e < source.length; e++) {
            for (int back = begin[source[e]]; back < begin[source[e] + 1]; back++) {
                if (source[back] == target[e] && opposite(offset, e, back)) {
                    reverse[e] = back;
                    break;
                }
            }
        }
        return reverse;
    }

    private static boolean opposite(int[] offset, int a, int b) {
        return offset[3 * a] == -offset[3 * b]
                && offset[3 * a + 1] == -offset[3 * b + 1]
                && offset[3 * a + 2] == -offset[3 * b + 2];
    }
}
