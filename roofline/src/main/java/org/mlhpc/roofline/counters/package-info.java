/** Counters of the system: bytes moved, FLOP done and energy used. What cannot be read is absent, with the reason. */
@NullMarked
package org.mlhpc.roofline.counters;

import org.jspecify.annotations.NullMarked;
