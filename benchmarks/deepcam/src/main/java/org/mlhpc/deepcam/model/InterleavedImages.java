package org.mlhpc.deepcam.model;

import org.bytedeco.pytorch.Tensor;

/**
 * An image of every d-th pixel for each of the d x d places to begin at: on them an atrous kernel of dilation d is an ordinary one. For
 * depthwise kernels oneDNN 3.7.1 has fast gradients of ordinary ones only (docs/log.md).
 */
final class InterleavedImages {
    private InterleavedImages() {}

    /** Whether gradients will be asked for, and all images are equally large. */
    static boolean suit(Convolution convolution, Tensor x) {
        long dilation = convolution.dilation();
        return dilation > 1
                && convolution.groups() > 1
                && convolution.stride() == 1
                && x.requires_grad()
                && x.size(2) % dilation == 0
                && x.size(3) % dilation == 0;
    }

    /**
     * Takes them apart.
     *
     * @param x [n, channels, height, width]
     * @return [n d d, channels, height / d, width / d], in channels-last memory
     */
    static Tensor split(Tensor x, long d) {
        long channels = x.size(1);
        long height = x.size(2) / d;
        long width = x.size(3) / d;
        return x.permute(0, 2, 3, 1)
                .reshape(x.size(0), height, d, width, d, channels)
                .permute(0, 2, 4, 1, 3, 5)
                .reshape(x.size(0) * d * d, height, width, channels)
                .permute(0, 3, 1, 2);
    }

    /** Undoes {@link #split}. */
    static Tensor join(Tensor parts, long d) {
        long samples = parts.size(0) / (d * d);
        long channels = parts.size(1);
        long height = parts.size(2);
        long width = parts.size(3);
        return parts.permute(0, 2, 3, 1)
                .reshape(samples, d, d, height, width, channels)
                .permute(0, 3, 1, 4, 2, 5)
                .reshape(samples, height * d, width * d, channels)
                .permute(0, 3, 1, 2);
    }
}
