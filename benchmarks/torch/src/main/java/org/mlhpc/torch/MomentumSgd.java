package org.mlhpc.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Stochastic gradient descent with momentum in the form of Keras: v = m v - lr g, then w = w + v. Unlike PyTorch's form,
 * a change of the learning rate does not rescale the velocity that has built up.
 */
final class MomentumSgd implements AutoCloseable {
    private final Tensor weights;
    private final Tensor velocity;
    private final Scalar momentum;

    MomentumSgd(Tensor weights, double momentum) {
        this.weights = weights;
        this.velocity = torch.zeros_like(weights);
        this.momentum = new Scalar(momentum);
    }

    void update(Tensor gradient, double learningRate) {
        try (var rate = new Scalar(-learningRate)) {
            velocity.mul_(momentum);
            velocity.add_(gradient, rate);
            weights.add_(velocity);
        }
    }

    /** The state beside the weights, in the order of {@link Parameters#flat()}, valid until {@link #close()}. */
    Tensor velocity() {
        return velocity;
    }

    @Override
    public void close() {
        velocity.close();
        momentum.close();
    }
}
