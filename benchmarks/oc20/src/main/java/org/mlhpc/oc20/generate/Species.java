package org.mlhpc.oc20.generate;

/**
 * Elements of the effective-medium potential with its parameters in eV, bohr and their inverses: the metals as published by
 * Jacobsen, Stoltze and Nørskov, Surf. Sci. 366, 394 (1996), table 1; the light elements as in ASE, which calls them not for
 * serious use.
 */
enum Species {
    AL(13, -3.28, 3.00, 1.493, 1.240, 2.000, 1.169, 0.00700),
    CU(29, -3.51, 2.67, 2.476, 1.652, 2.740, 1.906, 0.00910),
    AG(47, -2.96, 3.01, 2.132, 1.652, 2.790, 1.892, 0.00547),
    AU(79, -3.80, 3.00, 2.321, 1.674, 2.873, 2.182, 0.00703),
    NI(28, -4.44, 2.60, 3.673, 1.669, 2.757, 1.948, 0.01030),
    PD(46, -3.90, 2.87, 2.773, 1.818, 3.107, 2.155, 0.00688),
    PT(78, -5.85, 2.90, 4.067, 1.812, 3.145, 2.192, 0.00802),
    H(1, -3.21, 1.31, 0.132, 2.652, 2.790, 3.892, 0.00547),
    C(6, -3.50, 1.81, 0.332, 1.652, 2.790, 1.892, 0.01322),
    N(7, -5.10, 1.88, 0.132, 1.652, 2.790, 1.892, 0.01222),
    O(8, -4.60, 1.95, 0.332, 1.652, 2.790, 1.892, 0.00850);

    /** In Å; the value of CODATA 2014, as in ASE. */
    static final double BOHR = 0.52917721067;

    /** Nearest-neighbour distance of an fcc crystal in units of the radius of a neutral sphere, rounded as published. */
    static final double BETA = 1.809;

    /** Where interaction is cut off smoothly, in Å: between the third and fourth neighbours of the largest atom. */
    static final double CUTOFF;

    /** Slope of the cut, in 1/Å: at the fourth neighbours a ten-thousandth is left. */
    static final double CUT_SLOPE;

    static {
        double largest = 0;
        for (Species species : values()) {
            largest = Math.max(largest, species.radius);
        }
        CUTOFF = BETA * largest * 0.5 * (Math.sqrt(3) + Math.sqrt(4));
        CUT_SLOPE = Math.log(9999) / (BETA * largest * 2 - CUTOFF);
    }

    private final int atomicNumber;
    /** Cohesive energy, eV. */
    final double cohesion;
    /** Radius of the neutral sphere, Å. */
    final double radius;
    /** Strength of the pair term, eV. */
    final double strength;
    /** Decay of the density of other atoms, 1/Å. */
    final double eta;
    /** Decay of the pair term, 1/Å. */
    final double kappa;
    /** Decay of the cohesive function, 1/Å. */
    final double lambda;
    /** Density at the neutral sphere, 1/Å^3. */
    final double density;

    Species(
            int atomicNumber,
            double cohesion,
            double radius,
            double strength,
            double eta,
            double kappa,
            double lambda,
            double density) {
        this.atomicNumber = atomicNumber;
        this.cohesion = cohesion;
        this.radius = radius * BOHR;
        this.strength = strength;
        this.eta = eta / BOHR;
        this.kappa = kappa / BOHR;
        this.lambda = lambda / BOHR;
        this.density = density / (BOHR * BOHR * BOHR);
    }

    /** What remains of a neighbour's contribution at distance r, in Å. */
    static double cut(double distance) {
        return 1 / (1 + Math.exp(CUT_SLOPE * (distance - CUTOFF)));
    }

    /** The sum of decaying contributions in a perfect crystal up to third neighbours, per nearest neighbour. */
    double overFcc(double decay) {
        int[] neighbours = {12, 6, 24};
        double sum = 0;
        for (int shell = 1; shell <= neighbours.length; shell++) {
            double distance = BETA * radius * Math.sqrt(shell);
            sum += neighbours[shell - 1] / 12.0 * cut(distance) * Math.exp(-decay * (distance - BETA * radius));
        }
        return sum;
    }

    int atomicNumber() {
        return atomicNumber;
    }

    boolean isMetal() {
        return switch (this) {
            case H, C, N, O -> false;
            default -> true;
        };
    }

    /** Side of the cubic fcc cell at rest, Å. */
    double latticeConstant() {
        return Math.sqrt(2) * BETA * radius;
    }

    /** @throws IllegalArgumentException if the potential does not know the element */
    static Species of(int atomicNumber) {
        for (Species species : values()) {
            if (species.atomicNumber == atomicNumber) {
                return species;
            }
        }
        throw new IllegalArgumentException("the effective-medium potential has no element " + atomicNumber);
    }
}
