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
     * {@code ConvParams::use_mkldnn} says; its own code for the others takes several times as long, the more the more
     * threads there are (docs/log.md).
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
        if (x.size(0) == 1 && x.size(1) * x.size(2) * x.size(3) <= SMALL) {
            return ofSmall(x, kernel, withBias, around);
        }
        return torch.conv3d(x, kernel, withBias, ONE, new long[] {around, around, around}, ONE, 1);
    }

    /** With so many empty planes that it is not small any more; with an empty second sample where that costs less. */
    private static Tensor ofSmall(Tensor x, Tensor kernel, TensorOptional bias, long around) {
        long planes = x.size(2) + 2 * around;
        long needed = SMALL / (x.size(1) * (x.size(3) + 2 * around)) + 1;
        if (needed <= 2 * planes) {
            long after = around + Math.max(0, needed - planes);
            Tensor padded = torch.constant_pad_nd(x, around, around, around, around, around, after);
            return torch.conv3d(padded, kernel, bias, ONE, NO_PADDING, ONE, 1).narrow(2, 0, x.size(2));
        }
        Tensor pair = torch.constant_pad_nd(x, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        return torch.conv3d(pair, kernel, bias, ONE, new long[] {around, around, around}, ONE, 1)
                .narrow(0, 0, 1);
    }
}
