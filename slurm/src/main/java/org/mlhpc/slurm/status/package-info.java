/** How the jobs and runs of a campaign are doing, from what they wrote down and what Slurm says. */
@NullMarked
package org.mlhpc.slurm.status;

import org.jspecify.annotations.NullMarked;
