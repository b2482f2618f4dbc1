package org.mlhpc.oc20.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Edges to each atom from all atoms and periodic images within a radius, but no more than the nearest {@code maxNeighbors}.
 *
 * @param cutoff in Å
 */
public record RadiusGraph(double cutoff, int maxNeighbors) {
    /** Atoms on top of each other have no direction; the published {@code radius_graph_pbc} leaves out squares of distances up to 1e-4 Å^2. */
    private static final double LEAST_DISTANCE = 0.01;

    /** Candidates of an atom that may wait to be compared. */
    private static final int MOST_WAITING = 1_000;

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    private record Candidate(int source, int[] offset, double distance) {}

    /**
     * The edges, ordered by target. Of neighbours at the same distance the first one counts as the nearer.
     *
     * @throws IllegalArgumentException if cell or positions cannot be those of a solid; see {@link PeriodicPairs}
     */
    public Edges of(double[] positions, double[] cell) {
        List<List<Candidate>> neighbours = new ArrayList<>();
        for (int atom = 0; atom < positions.length / 3; atom++) {
            neighbours.add(new ArrayList<>());
        }
        new PeriodicPairs(positions, cell, cutoff).forEach((target, source, offset, vector, distance) -> {
            if (distance > LEAST_DISTANCE) {
                add(neighbours.get(target), new Candidate(source, offset.clone(), distance));
            }
        });
        neighbours.replaceAll(this::nearest);
        return edges(neighbours);
    }

    /** Lets go of the furthest from time to time: damaged positions can make all atoms neighbours of each other. */
    private void add(List<Candidate> neighbours, Candidate next) {
        neighbours.add(next);
        if (neighbours.size() >= MOST_WAITING && neighbours.size() / 2 >= maxNeighbors) {
            neighbours.sort(Comparator.comparingDouble(Candidate::distance)); // Stable.
            neighbours.subList(maxNeighbors, neighbours.size()).clear();
        }
    }

    private List<Candidate> nearest(List<Candidate> all) {
        if (all.size() <= maxNeighbors) {
            return all;
        }
        all.sort(Comparator.comparingDouble(Candidate::distance)); // Stable.
        return all.subList(0, maxNeighbors);
    }

    private static Edges edges(List<List<Candidate>> neighbours) {
        int count = neighbours.stream().mapToInt(List::size).sum();
        int[] source = new int[count];
        int[] target = new int[count];
        int[] offset = new int[3 * count];
        int edge = 0;
        for (int atom = 0; atom < neighbours.size(); atom++) {
            Arrays.fill(target, edge, edge + neighbours.get(atom).size(), atom);
            for (Candidate neighbour : neighbours.get(atom)) {
                source[edge] = neighbour.source();
                System.arraycopy(neighbour.offset(), 0, offset, 3 * edge, 3);
                edge++;
            }
        }
        return new Edges(source, target, offset);
    }
}
