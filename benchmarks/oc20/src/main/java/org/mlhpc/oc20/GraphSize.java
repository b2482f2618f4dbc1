package org.mlhpc.oc20;

/**
 * Size of the graphs that work is accounted for, since that of the data is known only when they are read. Settings of the same
 * names.
 */
record GraphSize(int workAtoms, int workEdges, int workTriplets) {
    GraphSize {
        if (workAtoms < 1 || workEdges < 1 || workTriplets < 0) {
            throw new IllegalArgumentException("settings work_atoms=" + workAtoms + ", work_edges=" + workEdges
                    + ", work_triplets=" + workTriplets + " must be positive");
        }
    }
}
