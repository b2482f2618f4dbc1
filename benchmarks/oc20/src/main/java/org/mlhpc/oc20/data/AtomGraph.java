package org.mlhpc.oc20.data;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One configuration of atoms in a periodic cell.
 *
 * @param atomicNumbers by atom
 * @param positions in Å, three by atom
 * @param cell three lattice vectors in Å, row by row
 * @param forces in eV/Å, three by atom
 * @param fixed whether an atom is held in place, so that its force does not count
 * @param tags 0 below the surface, 1 surface, 2 adsorbate
 * @param energy in eV, relative to surface and adsorbate apart
 * @param system number of the system that was relaxed, {@code sid}
 * @param frame number of the configuration within it, {@code fid}
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record AtomGraph(
        int[] atomicNumbers,
        double[] positions,
        double[] cell,
        double[] forces,
        boolean[] fixed,
        int[] tags,
        double energy,
        Optional<Edges> edges,
        long system,
        long frame) {
    /** Number of atoms. */
    public int atoms() {
        return atomicNumbers.length;
    }

    /** Number of atoms whose forces count. */
    public int freeAtoms() {
        return (int)
                IntStream.range(0, fixed.length).filter(atom -> !fixed[atom]).count();
    }
}
