/** Independent implementations in Python that tests compare with. */
@NullMarked
package org.mlhpc.cosmoflow.oracle;

import org.jspecify.annotations.NullMarked;
