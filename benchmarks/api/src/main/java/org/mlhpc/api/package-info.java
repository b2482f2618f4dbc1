/**
 * What a benchmark is: the few types that every workload and the harness share.
 *
 * <p>A workload supplies a data set and a training step; the harness owns every loop, every clock and the log. This
 * package depends on the JDK alone. Priorities: small, then documented, then convenient.
 */
@NullMarked
package org.mlhpc.api;

import org.jspecify.annotations.NullMarked;
