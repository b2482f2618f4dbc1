/**
 * The run: phases, clocks, log, checkpoints. Knows every other module; nothing depends on it.
 *
 * <p>Only rank 0 writes files and messages. Whatever decides about going on or stopping is equal on all ranks, since they
 * would otherwise wait for each other for ever.
 */
@NullMarked
package org.mlhpc.harness;

import org.jspecify.annotations.NullMarked;
