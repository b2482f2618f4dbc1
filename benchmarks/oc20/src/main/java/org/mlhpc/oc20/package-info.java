/**
 * OpenCatalyst: DimeNet++ on surfaces with adsorbates, trained on forces, which are derivatives of the energy it predicts.
 *
 * <p>The published reference is followed in what it computes. How it is computed differs in one point, told in {@link
 * org.mlhpc.oc20.AngularSum}: sums over triplets are taken atom by atom, without listing the triplets.
 */
@NullMarked
package org.mlhpc.oc20;

import org.jspecify.annotations.NullMarked;
