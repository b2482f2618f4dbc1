/**
 * Data-parallel training on libtorch: trainer, gradient exchange, optimizer, weights in files.
 *
 * <p>Native memory: whoever allocates closes; everything made during a step belongs to the step's PointerScope.
 */
@NullMarked
package org.mlhpc.torch;

import org.jspecify.annotations.NullMarked;
