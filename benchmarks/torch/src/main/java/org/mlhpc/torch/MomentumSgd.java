package org.mlhpc.torch;

import static org.mlhpc.api.Settings.require;

import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Stochastic gradient descent with momentum in the form of Keras: v = m v - lr g, then w = w + v. Unlike PyTorch's form,
 * a change of the learning rate does not rescale the velocity that has built up.
 */
public final class MomentumSgd implements Optimizer {
    private final Tensor weights;
    private final Tensor velocity;
    private final Scalar momentum;

    /** Setting of the same name. */
    public record Options(double sgdOptMomentum) {
        public Options {
            require(sgdOptMomentum >= 0 && sgdOptMomentum < 1, "sgd_opt_momentum", sgdOptMomentum, "in [0, 1)");
        }
    }

    /** Starts from rest. */
    public MomentumSgd(Parameters parameters, Options options) {
        this.weights = parameters.flat();
        this.velocity = torch.zeros_like(weights);
        this.momentum = new Scalar(options.sgdOptMomentum());
    }

    @Override
    public void update(Tensor gradient, double learningRate, long update) {
        try (var rate = new Scalar(-learningRate)) {
            velocity.mul_(momentum);
            velocity.add_(gradient, rate);
            weights.add_(velocity);
        }
    }

    @Override
    public Map<String, Tensor> state() {
        return Map.of("velocity", velocity);
    }

    @Override
    public void close() {
        velocity.close();
        momentum.close();
    }
}
