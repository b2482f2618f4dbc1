/** A file that remembers runs. The only package that knows SQLite. */
@NullMarked
package org.mlhpc.results.store;

import org.jspecify.annotations.NullMarked;
