/** Brings data sets from where they are kept to where a run reads them. */
@NullMarked
package org.mlhpc.staging;

import org.jspecify.annotations.NullMarked;
