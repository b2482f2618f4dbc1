/** Counters of bytes moved, by channel. What cannot be read is absent, with the reason. */
@NullMarked
package org.mlhpc.roofline.counters;

import org.jspecify.annotations.NullMarked;
