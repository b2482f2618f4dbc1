/**
 * The network: {@code DeepLab} describes it once over {@code Operators}; parameters, costs and the forward pass are three
 * readings of that description.
 */
@NullMarked
package org.mlhpc.deepcam.model;

import org.jspecify.annotations.NullMarked;
