/** What a campaign is: its sizes, its jobs, and the file that keeps them. See docs/adr/0016-campaigns.md. */
@NullMarked
package org.mlhpc.slurm.campaign;

import org.jspecify.annotations.NullMarked;
