/** Charts of runs as SVG text. The only package that knows JFreeChart. */
@NullMarked
package org.mlhpc.results.charts;

import org.jspecify.annotations.NullMarked;
