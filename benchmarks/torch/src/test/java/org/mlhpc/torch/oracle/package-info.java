/** Independent implementations in Python that tests compare with. */
@NullMarked
package org.mlhpc.torch.oracle;

import org.jspecify.annotations.NullMarked;
