package org.mlhpc.torch;

import org.bytedeco.pytorch.Tensor;

/** Told after each operator of a forward pass, in order; names as in {@link org.mlhpc.api.OperatorWork}. */
@FunctionalInterface
public interface OperatorProbe {
    /**
     * Operator {@code name} has returned {@code output}.
     *
     * @param last the value with whose gradient backward of the operator begins: the output, but where what is differentiated
     *     is a derivative in which the output is linear, and so does not occur, the last value that does
     */
    void after(String name, Tensor output, Tensor last);

    /** Backward of the operator begins with its output. */
    default void after(String name, Tensor output) {
        after(name, output, output);
    }

    /** Looks at nothing. */
    static OperatorProbe none() {
        return (name, output, last) -> {};
    }
}
