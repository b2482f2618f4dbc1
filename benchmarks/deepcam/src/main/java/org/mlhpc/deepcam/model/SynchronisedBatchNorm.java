package org.mlhpc.deepcam.model;

import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.PhaseClock;

/**
 * Batch normalisation by the statistics of all batches of a group of ranks, which are equally large. Each rank contributes
 * the mean and the mean square of its batch, per channel and in float64, where the difference that makes the variance costs
 * nothing. Their gradients are summed over the group, as the losses of all its ranks depend on the contribution of each.
 */
final class SynchronisedBatchNorm implements BatchNorm {
    private static final long[] WITHIN_CHANNEL = {0, 2, 3};

    private final GroupSum groupSum;
    private final int ranks;

    SynchronisedBatchNorm(Communicator group, PhaseClock clock) {
        this.groupSum = new GroupSum(group, clock);
        this.ranks = group.size();
    }

    /** What each rank of a group contributes to each sum, forward and backward alike: two float64 per channel. */
    static long bytesPerSum(int channels) {
        return 2L * channels * Double.BYTES;
    }

    @Override
    public Tensor apply(Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance) {
        ScalarType type = x.scalar_type();
        Tensor full = x.to(weight.scalar_type());
        long channels = x.size(1);
        Tensor moments = groupSum.of(moments(full)).div(new Scalar(ranks));
        Tensor mean = moments.narrow(0, 0, channels);
        Tensor variance = moments.narrow(0, channels, channels).sub(mean.square());
        move(runningMean, mean, 1);
        long values = x.numel() / channels * ranks;
        move(runningVariance, variance, values / (values - 1.0));

        Tensor scale = variance.add(new Scalar(EPS)).rsqrt().mul(weight);
        Tensor shift = bias.sub(mean.mul(scale));
        return full.mul(perChannel(scale, weight))
                .add(perChannel(shift, weight))
                .to(type);
    }

    /** [mean of each channel, mean square of each channel], float64. */
    private static Tensor moments(Tensor x) {
        T_TensorTensor_T both = torch.var_mean(x, WITHIN_CHANNEL, false, false);
        Tensor variance = both.get0().to(ScalarType.Double);
        Tensor mean = both.get1().to(ScalarType.Double);
        return torch.cat(new TensorVector(mean, variance.add(mean.square())), 0);
    }

    private static Tensor perChannel(Tensor vector, Tensor like) {
        return vector.to(like.scalar_type()).view(1, -1, 1, 1);
    }

    /** @param factor makes the variance of the values one of their distribution, as libtorch keeps it */
    private static void move(Tensor running, Tensor value, double factor) {
        try (var noGradient = new NoGradGuard()) {
            Tensor target = value.mul(new Scalar(factor)).to(running.scalar_type());
            running.lerp_(target, new Scalar(MOMENTUM));
        }
    }
}
