/** Where things are in a submission: folders, sets of logs, system descriptions. */
@NullMarked
package org.mlhpc.results.tree;

import org.jspecify.annotations.NullMarked;
