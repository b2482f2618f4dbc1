package org.mlhpc.torch;

import org.bytedeco.pytorch.Tensor;

/** Told after each operator of a forward pass, in order; names as in {@link org.mlhpc.api.OperatorWork}. */
@FunctionalInterface
public interface OperatorProbe {
    /** Operator {@code name} has returned {@code output}. */
    void after(String name, Tensor output);

    /** Looks at nothing. */
    static OperatorProbe none() {
        return (name, output) -> {};
    }
}
