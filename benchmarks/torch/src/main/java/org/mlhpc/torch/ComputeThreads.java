package org.mlhpc.torch;

import static org.bytedeco.openblas.global.openblas_full.openblas_get_num_threads;
import static org.bytedeco.openblas.global.openblas_full.openblas_set_num_threads;

import org.bytedeco.pytorch.global.torch;

/** Threads that an operator uses. The OpenBLAS of libtorch, which multiplies fp32 matrices, has a number of its own. */
final class ComputeThreads {
    private ComputeThreads() {}

    /** For all operators from now on. */
    static void set(int threads) {
        torch.set_num_threads(threads);
        openblas_set_num_threads(threads);
    }

    /** Threads of products of fp32 matrices. */
    static int ofProducts() {
        return openblas_get_num_threads();
    }
}
