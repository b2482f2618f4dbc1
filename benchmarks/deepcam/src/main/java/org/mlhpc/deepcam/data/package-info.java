/**
 * The published data format: one HDF5 file per sample with {@code climate/data} and {@code climate/labels_0} in {@code train/}
 * and {@code validation/}, and {@code stats.h5} with the range of each channel.
 *
 * <p>Priorities: never train on damaged data, never let training wait, then convenience.
 */
@NullMarked
package org.mlhpc.deepcam.data;

import org.jspecify.annotations.NullMarked;
