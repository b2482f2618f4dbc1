package org.mlhpc.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A 3-D convolution with padding, from 64 to 128 channels by kernels of side 3, one volume of side 32 for each few threads.
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
    private static final int WARM_UP = 2;

    private final Tensor volumes;
    private final Tensor kernels;
    private final double flop;

    CubeConvolution(ScalarType type, int threads) {
        long count = Math.max(LEAST_VOLUMES, threads / THREADS_PER_VOLUME);
        volumes = torch.rand(count, INPUTS, SIDE, SIDE, SIDE).to(type).contiguous(MemoryFormat.ChannelsLast3d);
        kernels = torch.rand(OUTPUTS, INPUTS, KERNEL, KERNEL, KERNEL)
                .sub(new Scalar(0.5))
                .to(type)
                .contiguous(MemoryFormat.ChannelsLast3d);
        flop = 2.0 * KERNEL * KERNEL * KERNEL * INPUTS * OUTPUTS * count * SIDE * SIDE * SIDE;
    }

    /** FLOP/s of each repetition, after warming up. */
    double[] rates(int repetitions) {
        for (int i = 0; i < WARM_UP; i++) {
            convolve().close();
        }
        double[] rates = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            long begin = System.nanoTime();
            convolve().close();
            rates[i] = flop / ((System.nanoTime() - begin) * 1e-9);
        }
        return rates;
    }

    /** [count, 128, 32, 32, 32]. */
    Tensor convolve() {
        long[] one = {1, 1, 1};
        return torch.conv3d(volumes, kernels, new TensorOptional(), one, one, one, 1);
    }
}
