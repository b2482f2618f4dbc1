/** Measures the ceilings of the machine it runs on, step by step. */
@NullMarked
package org.mlhpc.roofline.measure;

import org.jspecify.annotations.NullMarked;
