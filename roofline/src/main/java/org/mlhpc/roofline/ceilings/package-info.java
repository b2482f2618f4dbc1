/** Measured ceilings of a machine and the file they are kept in. SI units throughout: seconds, byte/s, FLOP/s. */
@NullMarked
package org.mlhpc.roofline.ceilings;

import org.jspecify.annotations.NullMarked;
