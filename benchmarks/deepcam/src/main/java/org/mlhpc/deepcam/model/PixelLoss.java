package org.mlhpc.deepcam.model;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Cross entropy of each pixel, weighted by its class, as a plain mean over pixels: not divided by the sum of the weights, as
 * PyTorch's mean would be.
 */
final class PixelLoss implements AutoCloseable {
    /** Shares of background, tropical cyclone and atmospheric river in the published set. */
    private static final double[] FREQUENCIES = {0.986267818390377, 0.0004578708870701058, 0.01327431072255291};

    private static final double EXPONENT = -0.125;
    private static final long NO_REDUCTION = 0;
    private static final long NOT_IGNORED = -100;
    private static final long CHANNELS = 1;

    private final Tensor weights;

    PixelLoss() {
        try (var options = new TensorOptions(ScalarType.Double)) {
            weights = torch.zeros(new long[] {FREQUENCIES.length}, options);
        }
        DoublePointer values = weights.data_ptr_double();
        for (int i = 0; i < FREQUENCIES.length; i++) {
            values.put(i, weight(i));
        }
    }

    static double weight(int label) {
        return Math.pow(FREQUENCIES[label], EXPONENT);
    }

    /**
     * The loss, in the type of the parameters.
     *
     * @param scores [samples, 3, height, width]
     * @param labels int64 [samples, height, width]
     */
    Tensor of(Tensor scores, Tensor labels) {
        Tensor full = scores.scalar_type().intern() == ScalarType.BFloat16 ? scores.to(ScalarType.Float) : scores;
        Tensor logProbabilities = torch.log_softmax(full, CHANNELS);
        var weight = new TensorOptional(weights.to(full.scalar_type()));
        return torch.nll_loss_nd(logProbabilities, labels, weight, NO_REDUCTION, NOT_IGNORED)
                .mean();
    }

    @Override
    public void close() {
        weights.close();
    }
}
