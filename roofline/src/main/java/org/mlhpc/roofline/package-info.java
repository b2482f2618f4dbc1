/**
 * The extended roofline: work done, the ceilings that limit it, and the counters that measure its traffic.
 *
 * <p>Depends on the contract alone. A quantity that was not measured is absent, never zero.
 */
@NullMarked
package org.mlhpc.roofline;

import org.jspecify.annotations.NullMarked;
