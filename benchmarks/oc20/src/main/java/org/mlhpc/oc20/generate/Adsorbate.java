package org.mlhpc.oc20.generate;

import java.util.List;

/**
 * Small molecules and fragments, with the bond lengths of their free molecules.
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
