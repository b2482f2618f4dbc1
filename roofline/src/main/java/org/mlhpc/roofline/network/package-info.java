/** Messages and collectives between the ranks of a job, timed. */
@NullMarked
package org.mlhpc.roofline.network;

import org.jspecify.annotations.NullMarked;
