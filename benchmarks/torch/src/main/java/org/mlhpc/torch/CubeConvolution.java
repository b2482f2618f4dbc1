package org.mlhpc.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A 3-D convolution with padding, from 64 to 128 channels by kernels of side 3, one volume of side 32 for each few threads; in
 * fp64 a single one, since oneDNN knows no fp64, and libtorch then copies each volume 27 times (450 MB) for a product of
 * matrices, which needs no further volumes to keep all threads busy.
 *
 * <p>To be used with a PointerScope open.
 */
final class CubeConvolution {
    private static final long INPUTS = 64;
    private static final long OUTPUTS = 128;
    private static final long KERNEL = 3;
    private static final long SIDE = 32;
    /** Threads that share a volume; there are at least as many volumes as in a small batch. */
    private static final int THREADS_PER_VOLUME = 2;

    private static final int LEAST_VOLUMES = 2;
    private static final Iterations WARM_UP = new Iterations(2, 0);

    private final Tensor volumes;
    private final Tensor kernels;
    private final double flop;

    CubeConvolution(ScalarType type, int threads) {
        long count = type == ScalarType.Double ? 1 : Math.max(LEAST_VOLUMES, threads / THREADS_PER_VOLUME);
        volumes = torch.rand(count, INPUTS, SIDE, SIDE, SIDE).to(type).contiguous(MemoryFormat.ChannelsLast3d);
        kernels = torch.rand(OUTPUTS, INPUTS, KERNEL, KERNEL, KERNEL)
                .sub(new Scalar(0.5))
                .to(type)
                .contiguous(MemoryFormat.ChannelsLast3d);
        flop = 2.0 * KERNEL * KERNEL * KERNEL * INPUTS * OUTPUTS * count * SIDE * SIDE * SIDE;
    }

    /** FLOP/s of each iteration, after warming up. */
    double[] rates(Iterations iterations) {
        Runnable work = () -> convolve().close();
        WARM_UP.rates(flop, work);
        return iterations.rates(flop, work);
    }

    /** [count, 128, 32, 32, 32]. */
    Tensor convolve() {
        long[] one = {1, 1, 1};
        return torch.conv3d(volumes, kernels, new TensorOptional(), one, one, one, 1);
    }
}
