package org.mlhpc.torch;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Declares one trainable tensor.
 *
 * @param name name in the reference implementation, under which files hold it
 * @param sizes shape as libtorch computes with it
 * @param strides order in memory, in elements
 * @param referenceAxes the axis of {@code sizes} that each axis of the reference's shape is
 */
public record ParameterSpec(
        String name, List<Long> sizes, List<Long> strides, List<Long> referenceAxes, Initial initial) {
    public ParameterSpec {
        sizes = List.copyOf(sizes);
        strides = List.copyOf(strides);
        referenceAxes = List.copyOf(referenceAxes);
    }

    /**
     * Kernel of a 3-D convolution, [out, in, k, k, k] in channels-last order; the reference has [k, k, k, in, out].
     * Glorot-uniform: the limit is sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010, equation 16).
     */
    public static ParameterSpec convolution3d(String name, long in, long out, long k) {
        double cells = (double) k * k * k;
        return new ParameterSpec(
                name,
                List.of(out, in, k, k, k),
                List.of(in * k * k * k, 1L, in * k * k, in * k, in),
                List.of(2L, 3L, 4L, 1L, 0L),
                glorot(in * cells, out * cells));
    }

    /** Kernel of a dense layer, [out, in]; the reference has [in, out]. Glorot-uniform. */
    public static ParameterSpec dense(String name, long in, long out) {
        return new ParameterSpec(
                name, List.of(out, in), List.of(in, 1L), List.of(1L, 0L), glorot((double) in, (double) out));
    }

    /** A bias, initially zero. */
    public static ParameterSpec bias(String name, long size) {
        return new ParameterSpec(name, List.of(size), List.of(1L), List.of(0L), Initial.constant(0));
    }

    /**
     * Kernel of a 2-D convolution, [out, in / groups, k, k] in channels-last order, or of a transposed one,
     * [in, out / groups, k, k]; the same shape in PyTorch.
     */
    public static ParameterSpec convolution2d(String name, long first, long second, long k, Initial initial) {
        return new ParameterSpec(
                name,
                List.of(first, second, k, k),
                List.of(second * k * k, 1L, second * k, second),
                List.of(0L, 1L, 2L, 3L),
                initial);
    }

    /** Any tensor, in the order of its axes, with the same shape in the reference. */
    public static ParameterSpec contiguous(String name, List<Long> sizes, Initial initial) {
        Long[] strides = new Long[sizes.size()];
        long stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes.get(axis);
        }
        List<Long> axes = LongStream.range(0, strides.length).boxed().toList();
        return new ParameterSpec(name, sizes, List.of(strides), axes, initial);
    }

    private static Initial glorot(double fanIn, double fanOut) {
        return Initial.uniform(Math.sqrt(6 / (fanIn + fanOut)));
    }

    /** Number of values. */
    public long elements() {
        return sizes.stream().reduce(1L, Math::multiplyExact);
    }

    /** As libtorch wants shapes. */
    static long[] array(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
