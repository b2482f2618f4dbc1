/** Times staging beside the tools people use for it, on data sets with the file sizes of the four benchmarks. */
@NullMarked
package org.mlhpc.harness.bench.staging;

import org.jspecify.annotations.NullMarked;
