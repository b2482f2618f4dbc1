/** What follows from entries side by side: verdicts, decompositions, scaling. Derived in docs/metrics.md. */
@NullMarked
package org.mlhpc.results.compare;

import org.jspecify.annotations.NullMarked;
