package org.mlhpc.deepcam.model;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.VoidTensorHook;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The gradient of a convolution's weights, by that of a pointwise convolution for each tap of its kernel. oneDNN 3.7.1's own way takes up to four
 * times as long for transposed and atrous kernels in fp32 and channels-last memory, and a fifth longer for others of 3 x 3 (docs/log.md).
 */
final class TapGradient {
    /** Channels in and out. Each tap reads all pixels again, which costs too much where there is little to multiply. */
    private static final int WIDE = 128;

    private static final long[] NONE = {0, 0};
    private static final long[] ONE = {1, 1};

    private final Convolution convolution;
    private final Tensor x;
    private final Tensor weight;
    private final long version;

    private TapGradient(Convolution convolution, Tensor x, Tensor weight) {
        this.convolution = convolution;
        this.x = x;
        this.weight = weight;
        this.version = x._version();
    }

    /** Whether it is faster than libtorch's, and may be asked for. */
    static boolean suits(Convolution convolution, Tensor x, Tensor weight) {
        return convolution.kernel() > 1
                && convolution.groups() == 1
                && Math.min(convolution.in(), convolution.out()) >= WIDE
                && x.scalar_type().intern() == ScalarType.Float
                && x.requires_grad()
                && weight.requires_grad();
    }

    /**
     * Has backward give {@code weight} its gradient when it comes to {@code y}. To be called in a {@link PointerScope} that lasts until
     * backward has ended: it keeps the tensors, and what libtorch calls.
     *
     * @param y of {@code x} and the detached {@code weight}
     */
    static void attach(Convolution convolution, Tensor x, Tensor weight, Tensor y) {
        if (!y.requires_grad()) {
            return;
        }
        var gradient = new TapGradient(convolution, x, weight);
        y.register_hook(new VoidTensorHook() {
            @Override
            public void call(TensorBase arrived) {
                try (arrived;
                        var scope = new PointerScope()) {
                    gradient.accumulate(new Tensor(arrived));
                }
            }
        });
    }

    private void accumulate(Tensor ofOutput) {
        if (x._version() != version) {
            throw new IllegalStateException("the input of a convolution was overwritten before its backward pass");
        }
        // Where a mixed precision has made another type of it.
        Tensor ofY = ofOutput.to(x.scalar_type());
        Tensor gradient = convolution.transposed() ? of(convolution, x, ofY) : of(convolution, ofY, x);
        weight.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
    }

    /**
     * Sum over samples n and places p of {@code coarse[n, a, p] fine[n, b, stride p + dilation tap - padding]}.
     *
     * @param coarse gradient of the output, [n, a, height, width]; the input, if the convolution is transposed
     * @param fine the input, [n, b, about stride * height, about stride * width]; the gradient of the output, if it is transposed
     * @return [a, b, kernel, kernel]
     */
    static Tensor of(Convolution convolution, Tensor coarse, Tensor fine) {
        Tensor coarsePixels = coarse.permute(0, 2, 3, 1);
        Tensor finePixels = fine.permute(0, 2, 3, 1);
        List<Places> rows = places(convolution, coarse.size(2), fine.size(2));
        List<Places> columns = places(convolution, coarse.size(3), fine.size(3));
        var products = new TensorVector();
        for (Places row : rows) {
            for (Places column : columns) {
                // Pixels beside each other are copied together: for one tap at a time.
                try (var scope = new PointerScope()) {
                    Tensor left = column.ofCoarse(row.ofCoarse(coarsePixels, 1), 2);
                    Tensor right = column.ofFine(row.ofFine(finePixels, 1), 2);
                    products.push_back(product(left, right));
                }
            }
        }
        long kernel = convolution.kernel();
        return torch.stack(products, -1).view(coarse.size(1), fine.size(1), kernel, kernel);
    }

    /**
     * Sum over pixels: the gradient of a pointwise convolution's weights. oneDNN deals out pixels among threads, where a product of matrices
     * by OpenBLAS deals out channels, and is slower on two threads.
     *
     * @param left [samples, height, width, a]
     * @param right [samples, height, width, b]
     * @return [a, b]
     */
    private static Tensor product(Tensor left, Tensor right) {
        long a = left.size(3);
        long b = right.size(3);
        Tensor weights = left.new_zeros(a, b, 1, 1);
        var ofWeightsAlone = new BoolPointer(3).put(0, false).put(1, true).put(2, false);
        if (left.numel() == 0) {
            return weights.view(a, b);
        }
        return torch.convolution_backward(
                        left.contiguous().permute(0, 3, 1, 2),
                        right.contiguous().permute(0, 3, 1, 2),
                        weights,
                        new LongArrayRefOptional(),
                        ONE,
                        NONE,
                        ONE,
                        false,
                        NONE,
                        1,
                        ofWeightsAlone)
                .get1()
                .view(a, b);
    }

    /** Of each tap along an axis. */
    private static List<Places> places(Convolution convolution, long coarse, long fine) {
        var places = new ArrayList<Places>();
        for (int tap = 0; tap < convolution.kernel(); tap++) {
            long offset = (long) tap * convolution.dilation() - convolution.padding();
            places.add(Places.within(coarse, fine, convolution.stride(), offset));
        }
        return places;
    }

    /** Places along an axis, from {@code begin} to before {@code end}, whose counterparts {@code stride place + offset} exist. */
    private record Places(long begin, long end, long stride, long offset) {
        static Places within(long coarse, long fine, long stride, long offset) {
            long begin = Math.max(0, -Math.floorDiv(offset, stride));
            long end = Math.min(coarse, Math.floorDiv(fine - 1 - offset, stride) + 1);
            return begin < end ? new Places(begin, end, stride, offset) : new Places(0, 0, 1, 0);
        }

        Tensor ofCoarse(Tensor pixels, int axis) {
            return slice(pixels, axis, begin, end, 1);
        }

        Tensor ofFine(Tensor pixels, int axis) {
            return slice(pixels, axis, begin * stride + offset, end * stride + offset, stride);
        }

        /** {@code end} may lie behind the last pixel, as in Python. */
        private static Tensor slice(Tensor pixels, int axis, long begin, long end, long stride) {
            return pixels.slice(axis, new LongOptional(begin), new LongOptional(end), stride);
        }
    }
}
