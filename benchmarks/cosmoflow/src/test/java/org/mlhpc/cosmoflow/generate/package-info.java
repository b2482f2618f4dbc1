@NullMarked
package org.mlhpc.cosmoflow.generate;

import org.jspecify.annotations.NullMarked;
