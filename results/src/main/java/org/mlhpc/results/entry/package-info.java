/** Results as they are compared: one entry per system, benchmark and metric, of own runs, submissions and published rounds. */
@NullMarked
package org.mlhpc.results.entry;

import org.jspecify.annotations.NullMarked;
