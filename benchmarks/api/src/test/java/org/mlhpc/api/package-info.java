@NullMarked
package org.mlhpc.api;

import org.jspecify.annotations.NullMarked;
