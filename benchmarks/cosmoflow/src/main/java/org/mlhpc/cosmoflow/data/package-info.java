/**
 * The published data format: one sample per TFRecord file, plain or GZIP, in {@code train/} and {@code validation/}.
 *
 * <p>Priorities: never train on damaged data, never let training wait, then convenience.
 */
@NullMarked
package org.mlhpc.cosmoflow.data;

import org.jspecify.annotations.NullMarked;
