/** Requests to a file system, timed. */
@NullMarked
package org.mlhpc.roofline.storage;

import org.jspecify.annotations.NullMarked;
