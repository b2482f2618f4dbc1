/** Records as JSON files. */
@NullMarked
package org.mlhpc.roofline.json;

import org.jspecify.annotations.NullMarked;
