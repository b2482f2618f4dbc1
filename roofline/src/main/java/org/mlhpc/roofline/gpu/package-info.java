/**
 * NVIDIA devices: what the driver says of them, the kernels in PTX that measure them, and the timing of these. The only package
 * that knows JCuda.
 */
@NullMarked
package org.mlhpc.roofline.gpu;

import org.jspecify.annotations.NullMarked;
