/**
 * The extended roofline as a model of step times: fitted to observations, with intervals, errors on data it has not seen,
 * and a warning where the data cannot tell.
 */
@NullMarked
package org.mlhpc.roofline.fit;

import org.jspecify.annotations.NullMarked;
