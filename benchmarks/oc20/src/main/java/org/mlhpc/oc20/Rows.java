package org.mlhpc.oc20;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Rows of matrices by number, and sums over rows with the same number; each is the other's derivative. */
final class Rows {
    private Rows() {}

    /** Row {@code index[i]} of {@code matrix} for each i. */
    static Tensor take(Tensor matrix, Tensor index) {
        return torch.gather(matrix, 0, index.unsqueeze(1).expand(index.size(0), matrix.size(1)));
    }

    /** Sum of the rows i of {@code matrix} with the same {@code index[i]}, as row index[i] of {@code count} rows. */
    static Tensor sum(Tensor matrix, Tensor index, long count) {
        Tensor zeros = matrix.new_zeros(count, matrix.size(1));
        return zeros.scatter_add(0, index.unsqueeze(1).expand(index.size(0), matrix.size(1)), matrix);
    }
}
