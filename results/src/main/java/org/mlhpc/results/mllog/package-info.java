/** The MLPerf log: events, writer and reader. */
@NullMarked
package org.mlhpc.results.mllog;

import org.jspecify.annotations.NullMarked;
