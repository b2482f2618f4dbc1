/** Atomic systems as graphs: what the published files hold, edges where they hold none, batches for training. */
@NullMarked
package org.mlhpc.oc20.data;

import org.jspecify.annotations.NullMarked;
