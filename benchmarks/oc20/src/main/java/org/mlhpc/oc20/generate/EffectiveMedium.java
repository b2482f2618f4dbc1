package org.mlhpc.oc20.generate;

import java.util.Arrays;
import java.util.List;
import org.mlhpc.oc20.data.PeriodicPairs;

/**
 * Energy and forces by effective-medium theory (Jacobsen, Stoltze and Nørskov, Surf. Sci. 366, 394 (1996)): each atom's energy
 * depends on the density that its neighbours make at its place, corrected by a pair term, relative to single atoms in their
 * crystals.
 */
final class EffectiveMedium {
    /**
     * Neighbours further off by this much than the cut, in Å, do not count, as in ASE: less than 2e-8 of a nearest neighbour's
     * contribution is left there, 7e-6 by the cut and the rest by the decay.
     */
    private static final double MARGIN = 0.5;

    private static final int FCC_NEIGHBOURS = 12;

    private final List<Species> atoms;
    /** What each atom's density and pair term are in its own crystal at rest, per nearest neighbour. */
    private final double[] gamma1;

    private final double[] gamma2;

    /**
     * What the potential says of a configuration.
     *
     * @param energy in eV
     * @param forces in eV/Å, three by atom
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Evaluation(double energy, double[] forces) {}

    EffectiveMedium(List<Species> atoms) {
        this.atoms = List.copyOf(atoms);
        this.gamma1 = atoms.stream().mapToDouble(s -> s.overFcc(s.eta)).toArray();
        this.gamma2 = atoms.stream()
                .mapToDouble(s -> s.overFcc(s.kappa / Species.BETA))
                .toArray();
    }

    /** A neighbour seen from an atom: which, in which direction, and the contributions with their derivatives by distance. */
    private static final class Contributions {
        private int[] target = new int[1024];
        private int[] source = new int[1024];
        private double[] values = new double[1024 * FIELDS];
        private int count;

        static final int FIELDS = 7;

        void add(int to, int from, double... fields) {
            if (count == target.length) {
                target = Arrays.copyOf(target, 2 * count);
                source = Arrays.copyOf(source, 2 * count);
                values = Arrays.copyOf(values, 2 * count * FIELDS);
            }
            target[count] = to;
            source[count] = from;
            System.arraycopy(fields, 0, values, count * FIELDS, FIELDS);
            count++;
        }

        double get(int pair, int field) {
            return values[pair * FIELDS + field];
        }
    }

    /** @param positions three by atom, Å */
    Evaluation evaluate(double[] positions, double[] cell) {
        double[] density = new double[atoms.size()];
        double[] pairSum = new double[atoms.size()];
        var pairs = new Contributions();
        new PeriodicPairs(positions, cell, Species.CUTOFF + MARGIN)
                .forEach((target, source, offset, d, r) -> contribute(pairs, density, pairSum, target, source, d, r));
        double energy = 0;
        double[] slope = new double[atoms.size()];
        for (int i = 0; i < slope.length; i++) {
            energy += cohesive(atoms.get(i), density[i], slope, i)
                    - 0.5 * atoms.get(i).strength * pairSum[i]
                    - atoms.get(i).cohesion;
        }
        return new Evaluation(energy, forces(pairs, slope, positions.length));
    }

    private void contribute(
            Contributions pairs, double[] density, double[] pairSum, int target, int source, double[] d, double r) {
        Species self = atoms.get(target);
        Species other = atoms.get(source);
        double cut = Species.cut(r);
        double cutSlope = -Species.CUT_SLOPE * (1 - cut);
        double share = other.density / self.density * cut;
        double sigma1 = Math.exp(-other.eta * (r - Species.BETA * other.radius)) * share / gamma1[target];
        double sigma2 = Math.exp(-other.kappa * (r / Species.BETA - other.radius)) * share / gamma2[target];
        density[target] += sigma1;
        pairSum[target] += sigma2;
        double slope1 = sigma1 * (cutSlope - other.eta);
        double slope2 = sigma2 * (cutSlope - other.kappa / Species.BETA);
        pairs.add(target, source, sigma1, sigma2, slope1, slope2, d[0] / r, d[1] / r, d[2] / r);
    }

    /** Energy of an atom in this density; its derivative by the density goes to {@code slope}. */
    private static double cohesive(Species s, double density, double[] slope, int atom) {
        if (density == 0) {
            return 0;
        }
        double ds = -Math.log(density / FCC_NEIGHBOURS) / (Species.BETA * s.eta);
        double decay = Math.exp(-s.lambda * ds);
        double repulsion = 6 * s.strength * Math.exp(-s.kappa * ds);
        double byDistance = -s.cohesion * s.lambda * s.lambda * ds * decay - s.kappa * repulsion;
        slope[atom] = -byDistance / (Species.BETA * s.eta * density);
        return s.cohesion * (1 + s.lambda * ds) * decay + repulsion;
    }

    private double[] forces(Contributions pairs, double[] slope, int values) {
        double[] forces = new double[values];
        for (int p = 0; p < pairs.count; p++) {
            int target = pairs.target[p];
            double byDistance = slope[target] * pairs.get(p, 2) - 0.5 * atoms.get(target).strength * pairs.get(p, 3);
            for (int k = 0; k < 3; k++) {
                forces[3 * target + k] += byDistance * pairs.get(p, 4 + k);
                forces[3 * pairs.source[p] + k] -= byDistance * pairs.get(p, 4 + k);
            }
        }
        return forces;
    }
}
