/** Batch jobs for Slurm: what a site asks for, what a job is, and the script that follows from both. */
@NullMarked
package org.mlhpc.slurm;

import org.jspecify.annotations.NullMarked;
