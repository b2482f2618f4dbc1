/**
 * Loops that one resource limits, timed under JMH: in Java, and in C compiled on the machine for what Java cannot say. See
 * docs/adr/0010-kernels.md.
 */
@NullMarked
package org.mlhpc.roofline.kernels;

import org.jspecify.annotations.NullMarked;
