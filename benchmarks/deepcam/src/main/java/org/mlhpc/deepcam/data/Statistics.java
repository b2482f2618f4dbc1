package org.mlhpc.deepcam.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.torch.data.SampleFolder;

/**
 * The range of each channel in the training set, from {@code climate/minval} and {@code climate/maxval} of {@code stats.h5}.
 */
public final class Statistics {
    /** Name of the file in the root of a data set. */
    public static final String FILE_NAME = "stats.h5";

    private final float[] shift;
    private final float[] scale;

    /** Maps each channel's least value to 0 and its greatest to 1. */
    Statistics(double[] least, double[] greatest) {
        shift = new float[least.length];
        scale = new float[least.length];
        for (int i = 0; i < least.length; i++) {
            // In float64, then rounded once: within a rounding of the reference, which divides in the type of the file.
            shift[i] = (float) least[i];
            scale[i] = (float) (1 / (greatest[i] - least[i]));
        }
    }

    /** @throws IOException if the file is missing or damaged; the message names it and the dataset */
    public static Statistics read(Path root) throws IOException {
        Path file = root.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            throw new IOException("no " + FILE_NAME + " in " + root + ": " + remedy(root));
        }
        return Distrust.of(file, () -> read(file, new H5File.Loader()));
    }

    /** A generator writes the file after all images. */
    private static String remedy(Path root) {
        return Files.exists(root.resolve(ImageFile.generated(SampleFolder.TRAIN, 0)))
                ? "the data set was not generated to its end; delete it and generate it again"
                : "the published data set has it in its root; copy it there, with climate/minval and climate/maxval of"
                        + " each channel";
    }

    private static Statistics read(Path file, H5File.Loader loader) throws IOException {
        loader.load(file, ReadLimit.none());
        H5Dataset[] datasets = loader.datasets(file, "minval", "maxval");
        double[] least = datasets[0].requireShape(Channel.COUNT).doubles();
        double[] greatest = datasets[1].requireShape(Channel.COUNT).doubles();
        for (int i = 0; i < Channel.COUNT; i++) {
            if (!(greatest[i] > least[i]) || Double.isInfinite(greatest[i] - least[i])) {
                throw H5File.damaged(
                        file,
                        "channel number " + i + " has climate/minval " + least[i] + " and climate/maxval "
                                + greatest[i]);
            }
        }
        return new Statistics(least, greatest);
    }

    /** In place, pixel by pixel; false if a value is not finite. */
    boolean normalise(float[] pixels) {
        float zero = 0;
        for (int i = 0; i < pixels.length; i += Channel.COUNT) {
            for (int channel = 0; channel < Channel.COUNT; channel++) {
                float value = pixels[i + channel];
                zero += value * 0;
                pixels[i + channel] = scale[channel] * (value - shift[channel]);
            }
        }
        return zero == 0;
    }

    /** Gathers the statistics of images that several threads make; the result does not depend on their order. */
    public static final class Collector {
        private static final int LEAST = 0;
        private static final int GREATEST = 1;
        private static final int SUM = 2;
        private static final int SQUARES = 3;

        private final SortedMap<Integer, double[][]> images = new ConcurrentSkipListMap<>();

        /**
         * Takes an image in.
         *
         * @param number of the image
         * @param values pixel by pixel
         */
        public void add(int number, float[] values) {
            int pixels = values.length / Channel.COUNT;
            double[][] moments = empty();
            for (int i = 0; i < values.length; i++) {
                int channel = i % Channel.COUNT;
                double value = values[i];
                moments[LEAST][channel] = Math.min(moments[LEAST][channel], value);
                moments[GREATEST][channel] = Math.max(moments[GREATEST][channel], value);
                moments[SUM][channel] += value / pixels;
                moments[SQUARES][channel] += value * value / pixels;
            }
            images.put(number, moments);
        }

        private static double[][] empty() {
            double[][] moments = new double[SQUARES + 1][Channel.COUNT];
            Arrays.fill(moments[LEAST], Double.POSITIVE_INFINITY);
            Arrays.fill(moments[GREATEST], Double.NEGATIVE_INFINITY);
            return moments;
        }

        /** Writes the file, with means, mean squares and the number of images beside the ranges. */
        public void write(Path file) throws IOException {
            double[][] all = empty();
            for (double[][] image : images.values()) {
                for (int channel = 0; channel < Channel.COUNT; channel++) {
                    all[LEAST][channel] = Math.min(all[LEAST][channel], image[LEAST][channel]);
                    all[GREATEST][channel] = Math.max(all[GREATEST][channel], image[GREATEST][channel]);
                    all[SUM][channel] += image[SUM][channel] / images.size();
                    all[SQUARES][channel] += image[SQUARES][channel] / images.size();
                }
            }
            H5File.write(
                    file,
                    Map.of(
                            "count", new long[] {images.size()},
                            "mean", floats(all[SUM]),
                            "sqmean", floats(all[SQUARES]),
                            "minval", floats(all[LEAST]),
                            "maxval", floats(all[GREATEST])));
        }

        private static float[] floats(double[] values) {
            float[] floats = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                floats[i] = (float) values[i];
            }
            return floats;
        }
    }
}
