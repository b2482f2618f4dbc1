package org.mlhpc.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The product of two square matrices, by the two libraries that libtorch has for it: its BLAS, and oneDNN as a convolution of
 * side 1. In fp32 libtorch's matmul asks the BLAS alone, whose kernels need not be the machine's fastest.
 *
 * <p>To be used with a PointerScope open.
 */
final class SquareProduct {
    /** Of a few threads: large enough that the caches decide, small enough for a fraction of a second. */
    static final long LEAST_SIDE = 2048;
    /** Threads that have enough to do at the least side; the work of each stays about the same with more. */
    private static final int FEW_THREADS = 16;

    /** Of the image that stands for the columns of a matrix; the height is the rest. */
    private static final long IMAGE_WIDTH = 64;

    private static final Iterations WARM_UP = new Iterations(2, 0);

    private final long side;
    private final Tensor left;
    private final Tensor right;
    private final Tensor product;
    private final Tensor kernel;
    private final Tensor image;

    /** The side of matrices that keep so many threads busy. */
    static long side(int threads) {
        long side = LEAST_SIDE;
        for (int busy = FEW_THREADS; busy < threads; busy *= 8) {
            side *= 2;
        }
        return side;
    }

    SquareProduct(ScalarType type, long side) {
        this.side = side;
        left = torch.rand(side, side).to(type);
        right = torch.rand(side, side).to(type);
        product = torch.matmul(left, right);
        kernel = left.view(side, side, 1, 1);
        image = right.view(1, side, side / IMAGE_WIDTH, IMAGE_WIDTH).contiguous(MemoryFormat.ChannelsLast);
    }

    /** FLOP/s of each iteration by the faster of the two, chosen by its best warm-up. */
    double[] rates(Iterations iterations) {
        Runnable byConvolution = () -> convolve().close();
        Runnable faster = best(this::multiply) > best(byConvolution) ? this::multiply : byConvolution;
        return iterations.rates(flop(), faster);
    }

    private double best(Runnable way) {
        return Arrays.stream(WARM_UP.rates(flop(), way)).max().orElseThrow();
    }

    private double flop() {
        return 2.0 * side * side * side;
    }

    void multiply() {
        torch.matmul_out(product, left, right);
    }

    /** The same product, with the columns of {@code right} as pixels. */
    Tensor convolve() {
        return torch.conv2d(image, kernel);
    }

    /** [side, side] by the BLAS. */
    Tensor product() {
        multiply();
        return product;
    }
}
