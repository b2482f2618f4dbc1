package org.mlhpc.deepcam.generate;

import org.mlhpc.deepcam.data.Channel;

/** One plane of values per channel. */
@SuppressWarnings("ArrayRecordComponent") // a block of memory; never compared
record Fields(Grid grid, float[][] planes) {
    Fields(Grid grid) {
        this(grid, new float[Channel.COUNT][grid.pixels()]);
    }

    float[] of(Channel channel) {
        return planes[channel.index()];
    }

    void add(Channel channel, int pixel, double value) {
        planes[channel.index()][pixel] += (float) value;
    }

    double get(Channel channel, int row, int column) {
        return planes[channel.index()][row * grid.width() + column];
    }

    /** Speed of the wind with these components, m/s. */
    double speed(Channel east, Channel north, int pixel) {
        return Math.hypot(planes[east.index()][pixel], planes[north.index()][pixel]);
    }

    /** Pixel by pixel, each with all its channels. */
    float[] interleaved() {
        int channels = Channel.COUNT;
        float[] values = new float[grid.pixels() * channels];
        for (int channel = 0; channel < channels; channel++) {
            float[] plane = planes[channel];
            for (int pixel = 0; pixel < plane.length; pixel++) {
                values[pixel * channels + channel] = plane[pixel];
            }
        }
        return values;
    }
}
