/**
 * CosmoFlow: a 3-D convolutional network that estimates four cosmological parameters from the distribution of matter.
 *
 * <p>The published reference is followed to the letter; where the fast way differs from the written one, the comment at
 * that place says why the result is the same.
 */
@NullMarked
package org.mlhpc.cosmoflow;

import org.jspecify.annotations.NullMarked;
