package org.mlhpc.deepcam.model;

import java.util.List;

/**
 * What {@link DeepLab} is made of. It is described once, over these operators, and then declared, accounted for or run,
 * depending on what stands for a tensor.
 *
 * @param <T> what stands for a tensor
 */
interface Operators<T> {
    T convolution(String name, T x, Convolution convolution);

    /** Normalises each channel, then scales and shifts it. May overwrite nothing. */
    T batchNorm(String name, T x);

    /** In place. */
    T relu(String name, T x);

    /** Adds {@code y} to {@code x}, in place. */
    T add(String name, T x, T y);

    /** Joins the channels. */
    T concat(String name, List<T> parts);

    /** Mean over height and width, 1 x 1. */
    T globalMean(String name, T x);

    /** A trainable scale and shift of each channel. */
    T affine(String name, T x);

    /** Repeats a 1 x 1 {@code x} over the height and width of {@code like}. */
    T tile(String name, T x, T like);
}
