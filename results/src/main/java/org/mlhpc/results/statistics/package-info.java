/** Statistics of repeated runs. */
@NullMarked
package org.mlhpc.results.statistics;

import org.jspecify.annotations.NullMarked;
