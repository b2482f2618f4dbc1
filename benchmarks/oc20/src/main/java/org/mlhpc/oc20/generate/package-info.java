/**
 * Surfaces with adsorbates whose energies and forces a network can learn: fcc metals, molecules of H, C, N and O on them,
 * relaxed for some steps or rattled, under the effective-medium potential.
 *
 * <p>The potential describes the seven metals well and the light elements badly; it is smooth, many-body and periodic, and that is
 * what the workload needs.
 */
@NullMarked
package org.mlhpc.oc20.generate;

import org.jspecify.annotations.NullMarked;
