/** Whole submissions: folders, system descriptions, sets of runs and their scores. */
@NullMarked
package org.mlhpc.rules.tree;

import org.jspecify.annotations.NullMarked;
