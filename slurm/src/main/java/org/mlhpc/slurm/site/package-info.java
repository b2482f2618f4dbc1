/** What a cluster asks for: the site file, and what Slurm itself says of its nodes. */
@NullMarked
package org.mlhpc.slurm.site;

import org.jspecify.annotations.NullMarked;
