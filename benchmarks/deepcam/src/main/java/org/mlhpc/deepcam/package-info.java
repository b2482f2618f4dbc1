/** The DeepCAM workload: tropical cyclones and atmospheric rivers in global climate simulations, pixel by pixel. */
@NullMarked
package org.mlhpc.deepcam;

import org.jspecify.annotations.NullMarked;
