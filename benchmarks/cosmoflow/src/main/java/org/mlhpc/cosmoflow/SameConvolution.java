package org.mlhpc.cosmoflow;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A 3-D convolution of stride 1 whose output has the size of its input, zeros assumed around it. */
final class SameConvolution {
    private static final long[] ONE = {1, 1, 1};
    private static final long[] NO_PADDING = {0, 0, 0};

    /**
     * libtorch gives an fp32 convolution of a single sample to oneDNN only if channels x depth x height exceeds this, as
     * {@code ConvParams::use_mkldnn} says; its own code for the others takes three times as long here (docs/log.md).
     */
    private static final long SMALL = 20_480;

    private SameConvolution() {}

    /**
     * Convolves.
     *
     * @param x [samples, in, depth, height, width]
     * @param kernel [out, in, side, side, side]
     * @return [samples, out, depth, height, width]
     */
    static Tensor of(Tensor x, Tensor kernel, Tensor bias) {
        var withBias = new TensorOptional(bias);
        long side = kernel.size(2);
        if (side % 2 == 0) {
            // An even kernel has its extra cell of padding at the end, here as in the reference.
            return torch.conv3d(x, kernel, withBias, ONE, "same", ONE, 1);
        }
        long around = side / 2;
        if (x.size(0) == 1 && isSmall(x, 0) && !isSmall(x, around)) {
            Tensor padded = torch.constant_pad_nd(x, around, around, around, around, around, around);
            return torch.conv3d(padded, kernel, withBias, ONE, NO_PADDING, ONE, 1);
        }
        return torch.conv3d(x, kernel, withBias, ONE, new long[] {around, around, around}, ONE, 1);
    }

    private static boolean isSmall(Tensor x, long around) {
        return x.size(1) * (x.size(2) + 2 * around) * (x.size(3) + 2 * around) <= SMALL;
    }
}
