/** The report of a run as one HTML file that needs nothing else. */
@NullMarked
package org.mlhpc.results.report;

import org.jspecify.annotations.NullMarked;
