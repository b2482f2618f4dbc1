/** Text of batch scripts: quoting, lines for Slurm, templates. */
@NullMarked
package org.mlhpc.slurm.script;

import org.jspecify.annotations.NullMarked;
