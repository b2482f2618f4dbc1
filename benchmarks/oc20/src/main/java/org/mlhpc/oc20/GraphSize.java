package org.mlhpc.oc20;

import static org.mlhpc.api.Settings.requireAtLeast;

/**
 * Size of the graphs that work is accounted for, since that of the data is known only when they are read. Settings of the same
 * names.
 */
record GraphSize(int workAtoms, int workEdges, int workTriplets) {
    GraphSize {
        requireAtLeast(1, "work_atoms", workAtoms);
        requireAtLeast(1, "work_edges", workEdges);
        requireAtLeast(0, "work_triplets", workTriplets);
    }
}
