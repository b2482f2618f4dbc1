/** Run records, scores and what is computed from them. Values are kept apart from their formats. */
@NullMarked
package org.mlhpc.results;

import org.jspecify.annotations.NullMarked;
