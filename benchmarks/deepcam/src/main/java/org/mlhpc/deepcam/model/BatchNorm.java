package org.mlhpc.deepcam.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.PhaseClock;

/**
 * Batch normalisation (Ioffe and Szegedy 2015): in each channel of x [samples, channels, height, width],
 * y = (x - mean) / sqrt(variance + {@link #EPS}) times weight plus bias.
 */
@FunctionalInterface
interface BatchNorm {
    double EPS = 1e-5;
    /** Share of the batch in the running statistics, per pass. */
    double MOMENTUM = 0.1;

    /** All vectors have one value per channel; training moves the running ones towards those of the batch. */
    Tensor apply(Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance);

    /** By the running statistics. */
    static BatchNorm evaluating() {
        return (x, weight, bias, mean, variance) -> ofTorch(x, weight, bias, mean, variance, false);
    }

    /**
     * By the statistics of the batch.
     *
     * @param group the ranks whose batches count as one
     * @param clock told of the time in which this rank waits for others
     */
    static BatchNorm training(Communicator group, PhaseClock clock) {
        return group.size() == 1
                ? (x, weight, bias, mean, variance) -> ofTorch(x, weight, bias, mean, variance, true)
                : new SynchronisedBatchNorm(group, clock);
    }

    private static Tensor ofTorch(
            Tensor x, Tensor weight, Tensor bias, Tensor mean, Tensor variance, boolean training) {
        return torch.batch_norm(
                x,
                new TensorOptional(weight),
                new TensorOptional(bias),
                new TensorOptional(mean),
                new TensorOptional(variance),
                training,
                MOMENTUM,
                EPS,
                false);
    }
}
