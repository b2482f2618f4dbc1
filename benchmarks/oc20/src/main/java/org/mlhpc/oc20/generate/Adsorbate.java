package org.mlhpc.oc20.generate;

import java.util.List;

/**
 * Small molecules and fragments. Bonds of NH, OH, CO, NO and CN are those of the free molecules (Huber and Herzberg, Constants of
 * Diatomic Molecules, 1979), rounded; CH has the bond of methane; water 0.958 Å and 104.4°, CH2 1.11 Å and 102° as in its singlet state,
 * CH3 1.085 Å with its hydrogens bent away from the surface.
 *
 * <p>The atom at the origin is the one that turns to the surface.
 */
enum Adsorbate {
    H(new Atom(Species.H, 0, 0, 0)),
    C(new Atom(Species.C, 0, 0, 0)),
    N(new Atom(Species.N, 0, 0, 0)),
    O(new Atom(Species.O, 0, 0, 0)),
    CH(new Atom(Species.C, 0, 0, 0), new Atom(Species.H, 0, 0, 1.09)),
    NH(new Atom(Species.N, 0, 0, 0), new Atom(Species.H, 0, 0, 1.04)),
    OH(new Atom(Species.O, 0, 0, 0), new Atom(Species.H, 0, 0, 0.97)),
    CO(new Atom(Species.C, 0, 0, 0), new Atom(Species.O, 0, 0, 1.13)),
    NO(new Atom(Species.N, 0, 0, 0), new Atom(Species.O, 0, 0, 1.15)),
    CN(new Atom(Species.C, 0, 0, 0), new Atom(Species.N, 0, 0, 1.17)),
    H2O(new Atom(Species.O, 0, 0, 0), new Atom(Species.H, 0.757, 0, 0.587), new Atom(Species.H, -0.757, 0, 0.587)),
    CH2(new Atom(Species.C, 0, 0, 0), new Atom(Species.H, 0.862, 0, 0.699), new Atom(Species.H, -0.862, 0, 0.699)),
    CH3(
            new Atom(Species.C, 0, 0, 0),
            new Atom(Species.H, 1.02, 0, 0.37),
            new Atom(Species.H, -0.51, 0.883, 0.37),
            new Atom(Species.H, -0.51, -0.883, 0.37));

    /** Å from the atom at the origin; the last axis points away from the surface. */
    record Atom(Species species, double x, double y, double z) {}

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<Atom> atoms;

    Adsorbate(Atom... atoms) {
        this.atoms = List.of(atoms);
    }

    List<Atom> atoms() {
        return atoms;
    }
}
