package org.mlhpc.deepcam.model;

import static org.mlhpc.api.Settings.require;

import org.mlhpc.deepcam.data.Channel;
import org.mlhpc.deepcam.data.PixelClass;

/** The shape of the network. Settings of the same names; see deepcam.properties. */
public record Architecture(int imageHeight, int imageWidth, int widthDivisor, int middleBlocks) {
    /** Classes of pixels: background, tropical cyclone, atmospheric river. */
    public static final int CLASSES = PixelClass.COUNT;

    /** Channels of an image. */
    public static final int CHANNELS = Channel.COUNT;

    /** The encoder reduces height and width by this. */
    private static final int OUTPUT_STRIDE = 16;

    private static final int MAX_SIZE = 16_384;
    private static final int MAX_DIVISOR = 16;

    public Architecture {
        requireSize("image_height", imageHeight);
        requireSize("image_width", imageWidth);
        require(
                widthDivisor >= 1 && widthDivisor <= MAX_DIVISOR && Integer.bitCount(widthDivisor) == 1,
                "width_divisor",
                widthDivisor,
                "1, 2, 4, 8 or 16");
        require(middleBlocks >= 0 && middleBlocks <= 16, "middle_blocks", middleBlocks, "from 0 to 16");
    }

    private static void requireSize(String key, int size) {
        require(
                size >= OUTPUT_STRIDE && size <= MAX_SIZE && size % OUTPUT_STRIDE == 0,
                key,
                size,
                "a multiple of " + OUTPUT_STRIDE + " up to " + MAX_SIZE);
    }

    int inputChannels() {
        return CHANNELS;
    }

    /** Channels of a layer that has {@code published} of them at full width. */
    int width(int published) {
        return Math.max(1, published / widthDivisor);
    }

    Shape image() {
        return new Shape(CHANNELS, imageHeight, imageWidth);
    }
}
