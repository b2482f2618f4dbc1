package org.mlhpc.deepcam.model;

import java.util.List;
import org.mlhpc.torch.Initial;

/**
 * A 2-D convolution with a square kernel, zeros assumed around its input.
 *
 * @param groups 1, or as many as channels for a depthwise convolution
 * @param transposed doubles height and width instead of reading {@code stride} apart
 * @param kaiming whether weights start as He et al. (2015) say, or as PyTorch does of itself
 */
record Convolution(
        int in,
        int out,
        int kernel,
        int stride,
        int dilation,
        int groups,
        boolean bias,
        boolean transposed,
        boolean kaiming) {

    /** Without bias, of stride 1. */
    static Convolution of(int in, int out, int kernel, boolean kaiming) {
        return new Convolution(in, out, kernel, 1, 1, 1, false, false, kaiming);
    }

    /** Each channel by a kernel of its own. */
    static Convolution depthwise(int channels, int stride, int dilation) {
        return new Convolution(channels, channels, 3, stride, dilation, channels, false, false, true);
    }

    /** Kernel 3, stride 2: twice the height and the width. */
    static Convolution doubling(int in, int out) {
        return new Convolution(in, out, 3, 2, 1, 1, false, true, false);
    }

    Convolution withStride(int other) {
        return new Convolution(in, out, kernel, other, dilation, groups, bias, transposed, kaiming);
    }

    Convolution withDilation(int other) {
        return new Convolution(in, out, kernel, stride, other, groups, bias, transposed, kaiming);
    }

    Convolution withBias() {
        return new Convolution(in, out, kernel, stride, dilation, groups, true, transposed, kaiming);
    }

    /** Zeros around the input: as many as keep the size at stride 1. */
    int padding() {
        return dilation * (kernel - 1) / 2;
    }

    /** [out, in / groups, kernel, kernel], or [in, out, kernel, kernel] if transposed. */
    List<Long> kernelShape() {
        long first = transposed ? in : out;
        long second = transposed ? out : in / groups;
        return List.of(first, second, (long) kernel, (long) kernel);
    }

    long weights() {
        return kernelShape().stream().reduce(1L, Math::multiplyExact) + (bias ? out : 0);
    }

    /** PyTorch takes the second axis of the kernel for the inputs, of a transposed one too. */
    Initial initial() {
        double fanIn = (double) kernelShape().get(1) * kernel * kernel;
        return kaiming ? Initial.kaimingNormal(fanIn) : Initial.torchDefault(fanIn);
    }

    Shape outputOf(Shape input) {
        return transposed
                ? new Shape(out, input.height() * stride, input.width() * stride)
                : new Shape(out, ceil(input.height()), ceil(input.width()));
    }

    private int ceil(int size) {
        return (size + stride - 1) / stride;
    }

    /** For one sample. */
    long multiplyAdds(Shape input) {
        Shape places = transposed ? input : outputOf(input);
        return (weights() - (bias ? out : 0)) * places.height() * places.width();
    }
}
