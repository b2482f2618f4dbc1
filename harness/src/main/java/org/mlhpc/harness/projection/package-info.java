/** From records of runs to observations of a roofline, and from fitted runs to other scales. */
@NullMarked
package org.mlhpc.harness.projection;

import org.jspecify.annotations.NullMarked;
