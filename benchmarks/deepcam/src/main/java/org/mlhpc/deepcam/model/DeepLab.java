package org.mlhpc.deepcam.model;

import java.util.ArrayList;
import java.util.List;

/**
 * DeepLabv3+ (Chen et al. 2018) with a modified aligned Xception as encoder, output stride 16, as the published reference has
 * it. Names are those of the reference's state dictionary.
 */
record DeepLab(Architecture architecture) {
    private static final String ENCODER = "xception_features.";
    private static final String ASPP = "bottleneck.";
    private static final String DECODER = "upsample.";
    private static final int ENTRY_BLOCKS = 3;

    /** How a block of the encoder is built. */
    private record Block(int in, int out, int repetitions, int stride, boolean growFirst, boolean endsWithRelu) {}

    /** Scores [3, height, width] of an image [16, height, width]. */
    <T> T scores(Operators<T> ops, T image) {
        T low = entry(ops, image);
        T x = low;
        x = block(ops, ENCODER + "block2", x, new Block(width(128), width(256), 2, 2, true, true));
        x = block(ops, ENCODER + "block3", x, new Block(width(256), width(728), 2, 2, true, true));
        int next = ENTRY_BLOCKS + 1;
        for (int i = 0; i < architecture.middleBlocks(); i++) {
            x = block(ops, ENCODER + "block" + next++, x, new Block(width(728), width(728), 3, 1, true, true));
        }
        x = block(ops, ENCODER + "block" + next, x, new Block(width(728), width(1024), 2, 1, false, false));
        x = exit(ops, x);
        x = bottleneck(ops, x);
        low = normalised(ops, "conv2", "bn2.bn", low, Convolution.of(width(128), width(48), 1, false));
        return decoder(ops, x, low);
    }

    /** Up to the low-level features, which the decoder sees after the ReLU that block 2 begins with: it is in place. */
    private <T> T entry(Operators<T> ops, T image) {
        int channels = architecture.inputChannels();
        T x = normalised(
                ops,
                ENCODER + "conv1",
                ENCODER + "bn1.bn",
                image,
                Convolution.of(channels, width(32), 3, true).withStride(2));
        x = normalised(ops, ENCODER + "conv2", ENCODER + "bn2.bn", x, Convolution.of(width(32), width(64), 3, true));
        x = block(ops, ENCODER + "block1", x, new Block(width(64), width(128), 2, 2, true, false));
        return ops.relu(ENCODER + "relu", x);
    }

    private <T> T exit(Operators<T> ops, T x) {
        int[] widths = {width(1024), width(1536), width(1536), width(2048)};
        T y = x;
        for (int i = 0; i + 1 < widths.length; i++) {
            int number = i + 3;
            y = separable(ops, ENCODER + "conv" + number, y, widths[i], widths[i + 1], 1, 2);
            y = ops.relu(ENCODER + "relu" + number, ops.batchNorm(ENCODER + "bn" + number + ".bn", y));
        }
        return y;
    }

    /** Separable convolutions, some with batch normalisation, beside a skip connection. */
    private <T> T block(Operators<T> ops, String name, T input, Block block) {
        T x = input;
        int index = 0;
        int normalised = block.repetitions();
        for (int i = 0; i < normalised; i++) {
            boolean last = i + 1 == normalised;
            int in = i == 0 || !block.growFirst() ? block.in() : block.out();
            int out = block.growFirst() || last ? block.out() : block.in();
            x = separable(ops, name + ".rep." + index, x, in, out, 1, 1);
            x = ops.batchNorm(name + ".rep." + (index + 1) + ".bn", x);
            if (!last) {
                x = ops.relu(name + ".rep." + (index + 2), x);
            }
            index += last ? 2 : 3;
        }
        // Where the size or the number of channels changes for good, one more without normalisation.
        if (block.in() != block.out() || block.stride() != 1) {
            x = separable(ops, name + ".rep." + index, x, block.out(), block.out(), block.stride(), 1);
            x = ops.add(name + ".add", x, skip(ops, name, input, block));
        } else {
            x = ops.add(name + ".add", x, input);
        }
        return block.endsWithRelu() ? ops.relu(name + ".relu", x) : x;
    }

    private static <T> T skip(Operators<T> ops, String name, T input, Block block) {
        Convolution convolution =
                Convolution.of(block.in(), block.out(), 1, true).withStride(block.stride());
        return ops.batchNorm(name + ".skipbn.bn", ops.convolution(name + ".skip", input, convolution));
    }

    private static <T> T separable(Operators<T> ops, String name, T x, int in, int out, int stride, int dilation) {
        T y = ops.convolution(name + ".conv1", x, Convolution.depthwise(in, stride, dilation));
        return ops.convolution(name + ".pointwise", y, Convolution.of(in, out, 1, true));
    }

    /** Atrous spatial pyramid pooling, with one branch that pools globally. */
    private <T> T bottleneck(Operators<T> ops, T x) {
        int in = width(2048);
        int out = width(256);
        int[] rates = {1, 6, 12, 18};
        var branches = new ArrayList<T>();
        for (int i = 0; i < rates.length; i++) {
            String name = ASPP + "aspp" + (i + 1);
            Convolution convolution =
                    Convolution.of(in, out, rates[i] == 1 ? 1 : 3, true).withDilation(rates[i]);
            branches.add(normalised(ops, name + ".atrous_convolution", name + ".bn.bn", x, convolution));
        }
        String pool = ASPP + "global_avg_pool.global_average_pool.";
        T mean = ops.globalMean(pool + "0", x);
        mean = ops.convolution(pool + "1", mean, Convolution.of(in, out, 1, false));
        mean = ops.relu(pool + "3", ops.affine(pool + "2", mean));
        branches.add(ops.tile(ASPP + "tile", mean, x));
        T all = ops.concat(ASPP + "cat", branches);
        return normalised(
                ops, ASPP + "conv", ASPP + "bn.bn", all, Convolution.of(branches.size() * out, out, 1, false));
    }

    private <T> T decoder(Operators<T> ops, T x, T low) {
        int wide = width(256);
        T y = normalised(ops, DECODER + "deconv1.0", DECODER + "deconv1.1.bn", x, Convolution.doubling(wide, wide));
        y = normalised(ops, DECODER + "deconv1.3", DECODER + "deconv1.4.bn", y, Convolution.doubling(wide, wide));
        y = ops.concat(DECODER + "cat", List.of(y, low));
        y = normalised(
                ops, DECODER + "conv1.0", DECODER + "conv1.1.bn", y, Convolution.of(wide + width(48), wide, 3, false));
        y = normalised(ops, DECODER + "conv1.3", DECODER + "conv1.4.bn", y, Convolution.of(wide, wide, 3, false));
        y = ops.convolution(
                DECODER + "conv1.6", y, Convolution.of(wide, wide, 1, false).withBias());
        y = normalised(ops, DECODER + "deconv2.0", DECODER + "deconv2.1.bn", y, Convolution.doubling(wide, wide));
        return ops.convolution(DECODER + "last_deconv.0", y, Convolution.doubling(wide, Architecture.CLASSES));
    }

    private static <T> T normalised(Operators<T> ops, String name, String norm, T x, Convolution convolution) {
        T y = ops.batchNorm(norm, ops.convolution(name, x, convolution));
        return ops.relu(name + ".relu", y);
    }

    private int width(int channels) {
        return architecture.width(channels);
    }
}
