/** Which files a data set has, and which node gets which of them. */
@NullMarked
package org.mlhpc.staging.files;

import org.jspecify.annotations.NullMarked;
