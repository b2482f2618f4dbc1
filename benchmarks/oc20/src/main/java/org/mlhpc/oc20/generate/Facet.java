package org.mlhpc.oc20.generate;

/**
 * Surfaces of an fcc crystal, with lengths in units of the cubic cell's side.
 *
 * <p>The first lattice vector in the plane is (width, 0), the second (skew, depth); each layer lies {@code spacing} above the
 * one below and is shifted by {@code shift} of both vectors.
 */
enum Facet {
    FCC100(Math.sqrt(0.5), 0, Math.sqrt(0.5), 0.5, 0.5),
    FCC110(Math.sqrt(0.5), 0, 1, Math.sqrt(0.125), 0.5),
    FCC111(Math.sqrt(0.5), Math.sqrt(0.125), Math.sqrt(0.375), Math.sqrt(1 / 3.0), 1 / 3.0);

    final double width;
    final double skew;
    final double depth;
    final double spacing;
    final double shift;

    Facet(double width, double skew, double depth, double spacing, double shift) {
        this.width = width;
        this.skew = skew;
        this.depth = depth;
        this.spacing = spacing;
        this.shift = shift;
    }
}
