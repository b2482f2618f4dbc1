package org.mlhpc.torch;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Turns averaged gradients into changes of the weights. */
public interface Optimizer extends AutoCloseable {
    /**
     * Changes the weights once.
     *
     * @param gradient in the order of {@link Parameters#flat()}; may be overwritten
     * @param update number of this update, from 1
     */
    void update(Tensor gradient, double learningRate, long update);

    /**
     * What it keeps from update to update, by name: vectors in the order of {@link Parameters#flat()}, valid until
     * {@link #close()}.
     */
    Map<String, Tensor> state();

    @Override
    void close();
}
