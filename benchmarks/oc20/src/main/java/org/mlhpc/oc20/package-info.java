/**
 * OpenCatalyst: DimeNet++ on surfaces with adsorbates, trained on forces, which are derivatives of the energy it predicts.
 *
 * <p>The published reference is followed in what it computes; the README of this folder says where not, and what is computed
 * in another way. Most of it is told in {@link org.mlhpc.oc20.AngularSum}: sums over triplets are taken atom by atom, without
 * listing the triplets.
 */
@NullMarked
package org.mlhpc.oc20;

import org.jspecify.annotations.NullMarked;
