package org.mlhpc.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Moving averages of gradients and of their squares (Kingma and Ba 2015, algorithm 1). */
final class Moments implements AutoCloseable {
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final Tensor first;
    private final Tensor second;

    Moments(Tensor weights, AdamOptions options) {
        this.beta1 = options.optBetas().get(0);
        this.beta2 = options.optBetas().get(1);
        this.eps = options.optEps();
        this.first = torch.zeros_like(weights);
        this.second = torch.zeros_like(weights);
    }

    /**
     * Takes in the gradient and overwrites it by the denominator of the direction, so that first / gradient times the
     * returned factor is m' / (sqrt(v') + eps), with m' and v' corrected for their start at zero.
     */
    double into(Tensor gradient, long update) {
        double correction1 = 1 - Math.pow(beta1, (double) update);
        double root2 = Math.sqrt(1 - Math.pow(beta2, (double) update));
        try (var towards = new Scalar(1 - beta1);
                var keep = new Scalar(beta2);
                var share = new Scalar(1 - beta2);
                // sqrt(v / c) + eps = (sqrt(v) + eps sqrt(c)) / sqrt(c): one pass over the vector less.
                var floor = new Scalar(eps * root2)) {
            first.lerp_(gradient, towards);
            second.mul_(keep);
            second.addcmul_(gradient, gradient, share);
            torch.sqrt_out(gradient, second);
            gradient.add_(floor);
        }
        return root2 / correction1;
    }

    Tensor first() {
        return first;
    }

    Map<String, Tensor> state() {
        var state = new LinkedHashMap<String, Tensor>();
        state.put("exp_avg", first);
        state.put("exp_avg_sq", second);
        return state;
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
