/**
 * Synthetic universes: cosmological volumes from four parameters, written in the file layout of the published set.
 *
 * <p>The chain, with the source of each formula at the type that holds it:
 *
 * <ol>
 *   <li>{@link org.mlhpc.cosmoflow.generate.ParameterPrior} draws Omega_m, sigma_8, n_s and H_0 uniformly around the
 *       Planck values; the label is the relative offset divided by the spread, so it lies in [-1, 1].
 *   <li>{@link org.mlhpc.cosmoflow.generate.LinearPowerSpectrum} is P(k) = A k^n_s T(k)^2 today, with A such that the
 *       density contrast in spheres of 8 Mpc/h has the standard deviation sigma_8.
 *   <li>{@link org.mlhpc.cosmoflow.generate.Spectrum} turns white noise w of unit variance on N^3 points of a periodic
 *       box of volume V into a Gaussian field with that spectrum: with the unnormalised transform,
 *       &lt;|w_k|^2&gt; = N^3 and P(k) = V &lt;|delta_k|^2&gt; / N^6, hence delta_k = w_k sqrt(P(k) N^3 / V).
 *   <li>{@link org.mlhpc.cosmoflow.generate.Displacements} moves a lattice of particles, x = q + D Psi[delta] - D_2
 *       Psi[S], to second order in Lagrangian perturbation theory, at every redshift from the same phases.
 *   <li>{@link org.mlhpc.cosmoflow.generate.CountGrid} counts the particles per cell (nearest grid point) and cuts the
 *       box into the cubes that become samples.
 * </ol>
 *
 * <p>What to expect of the counts. The initial lattice puts the same number of particles into every cell, also after
 * any rigid shift, so there is no noise where displacements vary little. Where they vary by more than the lattice
 * spacing, the lattice is no longer felt and the noise tends to that of a Poisson process, V over the number of
 * particles. On scales much larger than a cell the counts therefore follow P_counts(k) = W(k)^2 D(z)^2 P(k) plus at
 * most that noise, with W the transform of the cubic cell. Gravity beyond second order is missing, so structure on the
 * scale of a few Mpc/h is fainter than in an N-body run; the parameters still enter through amplitude, shape and growth
 * of the field as they do in the published set.
 *
 * <p>Lengths are comoving Mpc/h, wavenumbers h/Mpc. Priorities: the physics is right and testable, then generation is
 * quick.
 */
@NullMarked
package org.mlhpc.cosmoflow.generate;

import org.jspecify.annotations.NullMarked;
