package org.mlhpc.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * LAMB (You et al. 2020, algorithm 2) in the form of the published runs: the gradient of all weights is first shortened to
 * norm {@link #MAX_GRADIENT_NORM}; both averages are corrected for their start at zero; then for each tensor
 * u = m' / (sqrt(v') + eps) + decay w and w = w - lr |w| / |u| u. Where a norm is zero, or without decay, the ratio is 1.
 */
public final class Lamb implements Optimizer {
    /** Fixed by the rules. */
    public static final double MAX_GRADIENT_NORM = 1;

    private final Tensor weights;
    private final Moments moments;
    private final double decay;
    private final List<Segment> segments = new ArrayList<>();

    /** Where a tensor lies in the block. */
    private record Segment(long offset, long elements) {
        Tensor of(Tensor block) {
            return block.narrow(0, offset, elements);
        }
    }

    /** Starts without averages. */
    public Lamb(Parameters parameters, AdamOptions options) {
        this.weights = parameters.flat();
        this.moments = new Moments(weights, options);
        this.decay = options.optWeightDecay();
        for (int i = 0; i < parameters.specs().size(); i++) {
            segments.add(
                    new Segment(parameters.offset(i), parameters.specs().get(i).elements()));
        }
    }

    @Override
    public void update(Tensor gradient, double learningRate, long update) {
        shorten(gradient);
        double factor = moments.into(gradient, update);
        torch.div_out(gradient, moments.first(), gradient);
        try (var scale = new Scalar(factor);
                var penalty = new Scalar(decay)) {
            gradient.mul_(scale);
            if (decay > 0) {
                gradient.add_(weights, penalty);
            }
        }
        segments.forEach(segment -> move(segment, gradient, learningRate));
    }

    private static void shorten(Tensor gradient) {
        double norm = norm(gradient);
        if (norm > MAX_GRADIENT_NORM) {
            try (var scale = new Scalar(MAX_GRADIENT_NORM / norm)) {
                gradient.mul_(scale);
            }
        }
    }

    private void move(Segment segment, Tensor directions, double learningRate) {
        try (Tensor own = segment.of(weights);
                Tensor direction = segment.of(directions);
                var step = new Scalar(-learningRate * trust(own, direction))) {
            own.add_(direction, step);
        }
    }

    private double trust(Tensor own, Tensor direction) {
        if (decay == 0) {
            return 1;
        }
        double weight = norm(own);
        double length = norm(direction);
        return weight > 0 && length > 0 ? weight / length : 1;
    }

    private static double norm(Tensor tensor) {
        try (Tensor norm = tensor.norm()) {
            return norm.item_double();
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
