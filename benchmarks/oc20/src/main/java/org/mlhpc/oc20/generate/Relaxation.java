package org.mlhpc.oc20.generate;

import java.util.Random;
import org.mlhpc.oc20.generate.EffectiveMedium.Evaluation;

/**
 * A descent along the forces with bounded steps: each free atom moves by its force times a constant, but not further than
 * {@link #LONGEST_STEP}. It need not arrive at the minimum; the way there is what is wanted.
 */
final class Relaxation {
    /** Å per eV/Å; small against the inverse of the stiffest bonds. */
    private static final double COMPLIANCE = 0.02;
    /** Å. */
    private static final double LONGEST_STEP = 0.1;

    /** eV/Å; only to divide by. */
    private static final double NO_FORCE = 1e-12;

    private final Structure structure;
    private final EffectiveMedium potential;
    private final double[] positions;
    private Evaluation evaluation;

    Relaxation(Structure structure) {
        this.structure = structure;
        this.potential = new EffectiveMedium(structure.atoms());
        this.positions = structure.positions().clone();
        this.evaluation = potential.evaluate(positions, structure.cell());
    }

    /** Moves on. */
    Relaxation steps(int count) {
        for (int step = 0; step < count; step++) {
            double[] forces = evaluation.forces();
            for (int atom = 0; atom < structure.atoms().size(); atom++) {
                if (!structure.isFixed(atom)) {
                    move(3 * atom, forces);
                }
            }
            evaluation = potential.evaluate(positions, structure.cell());
        }
        return this;
    }

    private void move(int at, double[] forces) {
        double force =
                Math.sqrt(forces[at] * forces[at] + forces[at + 1] * forces[at + 1] + forces[at + 2] * forces[at + 2]);
        double scale = Math.min(COMPLIANCE, LONGEST_STEP / Math.max(force, NO_FORCE));
        for (int k = 0; k < 3; k++) {
            positions[at + k] += scale * forces[at + k];
        }
    }

    /** Where the atoms are now. */
    Structure structure() {
        return structure.at(positions.clone());
    }

    Evaluation evaluation() {
        return evaluation;
    }

    /** The free atoms displaced at random by a normal distribution of this width in Å. */
    Structure rattled(double width, Random random) {
        double[] places = positions.clone();
        for (int i = 0; i < places.length; i++) {
            double displacement = width * random.nextGaussian();
            if (!structure.isFixed(i / 3)) {
                places[i] += displacement;
            }
        }
        return structure.at(places);
    }
}
