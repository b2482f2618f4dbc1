/** What a fitted roofline says about runs that nobody has made yet: other scales, other machines. */
@NullMarked
package org.mlhpc.roofline.predict;

import org.jspecify.annotations.NullMarked;
