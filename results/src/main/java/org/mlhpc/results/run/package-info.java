/** Single runs, described and set side by side. */
@NullMarked
package org.mlhpc.results.run;

import org.jspecify.annotations.NullMarked;
