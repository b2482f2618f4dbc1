/** Slurm's programs. */
@NullMarked
package org.mlhpc.slurm.queue;

import org.jspecify.annotations.NullMarked;
