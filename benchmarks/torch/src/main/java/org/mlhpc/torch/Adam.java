package org.mlhpc.torch;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Adam (Kingma and Ba 2015, algorithm 1): w = w - lr m' / (sqrt(v') + eps). Weight decay is added to the gradient as the
 * gradient of a penalty, or, in AdamW (Loshchilov and Hutter 2019, algorithm 2), taken off the weights: w = w - lr decay w
 * before the rest.
 */
public final class Adam implements Optimizer {
    private final Tensor weights;
    private final Moments moments;
    private final double decay;
    private final boolean decoupled;

    private Adam(Parameters parameters, AdamOptions options, boolean decoupled) {
        this.weights = parameters.flat();
        this.moments = new Moments(weights, options);
        this.decay = options.optWeightDecay();
        this.decoupled = decoupled;
    }

    /** With the decay as a penalty. */
    public static Adam adam(Parameters parameters, AdamOptions options) {
        return new Adam(parameters, options, false);
    }

    /** With the decay apart from the gradient. */
    public static Adam adamW(Parameters parameters, AdamOptions options) {
        return new Adam(parameters, options, true);
    }

    @Override
    public void update(Tensor gradient, double learningRate, long update) {
        if (decay > 0) {
            applyDecay(gradient, learningRate);
        }
        double factor = moments.into(gradient, update);
        try (var step = new Scalar(-learningRate * factor)) {
            weights.addcdiv_(moments.first(), gradient, step);
        }
    }

    private void applyDecay(Tensor gradient, double learningRate) {
        try (var shrink = new Scalar(1 - learningRate * decay);
                var penalty = new Scalar(decay)) {
            if (decoupled) {
                weights.mul_(shrink);
            } else {
                gradient.add_(weights, penalty);
            }
        }
    }

    @Override
    public Map<String, Tensor> state() {
        return moments.state();
    }

    @Override
    public void close() {
        moments.close();
    }
}
