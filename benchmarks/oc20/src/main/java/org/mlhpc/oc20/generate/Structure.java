package org.mlhpc.oc20.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Atoms in a cell.
 *
 * @param positions three by atom, Å
 * @param cell lattice vectors, row by row, Å
 * @param tags 0 below the surface, 1 surface, 2 adsorbate
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Structure(List<Species> atoms, double[] positions, double[] cell, int[] tags) {
    static final int BELOW = 0;
    static final int SURFACE = 1;
    static final int ADSORBATE = 2;

    /** Layers at the top that are free to move; those below keep their places in the crystal. */
    private static final int FREE_LAYERS = 2;
    /** Between the highest atom and the next image of the slab, Å, so that they do not feel each other. */
    private static final double VACUUM = 20;
    /** From the highest layer to the adsorbate's lowest atom, Å. */
    private static final double LEAST_HEIGHT = 1.3;

    private static final double HEIGHT_SPREAD = 0.9;

    Structure {
        atoms = List.copyOf(atoms);
    }

    /** A clean slab of a metal at the lattice constant of its crystal. */
    static Structure slab(Species metal, Facet facet, int width, int depth, int layers) {
        double a = metal.latticeConstant();
        double[] u = {a * facet.width, 0, 0};
        double[] v = {a * facet.skew, a * facet.depth, 0};
        int count = width * depth * layers;
        double[] positions = new double[3 * count];
        int[] tags = new int[count];
        int atom = 0;
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < depth; j++) {
                    double alongU = i + layer * facet.shift;
                    double alongV = j + layer * facet.shift;
                    positions[3 * atom] = alongU * u[0] + alongV * v[0];
                    positions[3 * atom + 1] = alongV * v[1];
                    positions[3 * atom + 2] = layer * a * facet.spacing;
                    tags[atom++] = layer < layers - FREE_LAYERS ? BELOW : SURFACE;
                }
            }
        }
        double height = (layers - 1) * a * facet.spacing + VACUUM;
        double[] cell = {width * u[0], 0, 0, depth * v[0], depth * v[1], 0, 0, 0, height};
        return new Structure(Collections.nCopies(count, metal), positions, cell, tags);
    }

    /** With an adsorbate on a random place, turned around the axis that points away from the surface, tilted a little. */
    Structure with(Adsorbate adsorbate, Random random) {
        double x = random.nextDouble() * cell[0] + random.nextDouble() * cell[3];
        double y = random.nextDouble() * cell[4];
        double z = positions[positions.length - 1] + LEAST_HEIGHT + HEIGHT_SPREAD * random.nextDouble();
        double turn = 2 * Math.PI * random.nextDouble();
        double tilt = 0.5 * random.nextDouble();
        var all = new ArrayList<>(atoms);
        int before = atoms.size();
        double[] places = Arrays.copyOf(
                positions, positions.length + 3 * adsorbate.atoms().size());
        int[] allTags = Arrays.copyOf(tags, before + adsorbate.atoms().size());
        for (Adsorbate.Atom atom : adsorbate.atoms()) {
            int at = 3 * all.size();
            double tiltedX = Math.cos(tilt) * atom.x() + Math.sin(tilt) * atom.z();
            double tiltedZ = Math.cos(tilt) * atom.z() - Math.sin(tilt) * atom.x();
            places[at] = x + Math.cos(turn) * tiltedX - Math.sin(turn) * atom.y();
            places[at + 1] = y + Math.sin(turn) * tiltedX + Math.cos(turn) * atom.y();
            places[at + 2] = z + tiltedZ;
            allTags[all.size()] = ADSORBATE;
            all.add(atom.species());
        }
        return new Structure(all, places, cell, allTags);
    }

    /** The adsorbate of this structure alone in its cell. */
    Structure adsorbateAlone() {
        int first = (int) Arrays.stream(tags).filter(tag -> tag != ADSORBATE).count();
        return new Structure(
                atoms.subList(first, atoms.size()),
                Arrays.copyOfRange(positions, 3 * first, positions.length),
                cell,
                Arrays.copyOfRange(tags, first, tags.length));
    }

    Structure at(double[] places) {
        return new Structure(atoms, places, cell, tags);
    }

    boolean isFixed(int atom) {
        return tags[atom] == BELOW;
    }
}
