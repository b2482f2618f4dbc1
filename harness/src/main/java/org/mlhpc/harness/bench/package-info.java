/** Times training steps and loading, several contestants side by side in one run. */
@NullMarked
package org.mlhpc.harness.bench;

import org.jspecify.annotations.NullMarked;
