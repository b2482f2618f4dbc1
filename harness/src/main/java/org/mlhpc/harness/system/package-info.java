/** Describes the machine as submissions ask for it. */
@NullMarked
package org.mlhpc.harness.system;

import org.jspecify.annotations.NullMarked;
