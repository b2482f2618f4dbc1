/** Campaigns of batch jobs for Slurm; what a cluster asks for, the scripts, and handing them over. */
@NullMarked
package org.mlhpc.slurm;

import org.jspecify.annotations.NullMarked;
