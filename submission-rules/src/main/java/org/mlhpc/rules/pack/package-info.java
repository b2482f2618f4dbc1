/** Makes submissions from finished runs, and proves later that nothing in them was changed. */
@NullMarked
package org.mlhpc.rules.pack;

import org.jspecify.annotations.NullMarked;
