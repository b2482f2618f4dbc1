package org.mlhpc.deepcam.data;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.mlhpc.api.ReadLimit;

/** One sample: {@code climate/data} float32 [height, width, 16] and {@code climate/labels_0}, whole numbers [height, width]. */
public final class ImageFile {
    private static final String DATA = "data";
    private static final String LABELS = "labels_0";

    private ImageFile() {}

    /** Path of a generated file below the data set; the published ones have a date instead of the number. */
    public static String generated(String folder, int number) {
        return String.format(Locale.ROOT, "%s/data-%06d.h5", folder, number);
    }

    /**
     * Writes a sample, with labels of one byte.
     *
     * @param values pixel by pixel, each with its channels
     */
    public static void write(Path file, float[] values, byte[] labels, int height, int width) throws IOException {
        var data = new float[height][width][Channel.COUNT];
        var rows = new byte[height][width];
        for (int row = 0; row < height; row++) {
            System.arraycopy(labels, row * width, rows[row], 0, width);
            for (int column = 0; column < width; column++) {
                int pixel = row * width + column;
                System.arraycopy(values, pixel * Channel.COUNT, data[row][column], 0, Channel.COUNT);
            }
        }
        H5File.write(file, Map.of(DATA, data, LABELS, rows));
    }

    /** Reads samples of one size; keeps its buffers from file to file, so it belongs to one thread. */
    public static final class Reader {
        private final int height;
        private final int width;
        private final Statistics statistics;
        private final H5File.Loader loader = new H5File.Loader();
        private final float[] row;

        /** Normalises by {@code statistics}. */
        public Reader(int height, int width, Statistics statistics) {
            this.height = height;
            this.width = width;
            this.statistics = statistics;
            this.row = new float[width * Channel.COUNT];
        }

        /**
         * Reads, checks and normalises one file into {@code x}, pixel by pixel, and {@code labels}.
         *
         * @param limit asked before the file is read
         * @return length of the file
         * @throws IOException if it cannot be read, is damaged or has another shape; the message names file and dataset
         */
        public long read(Path file, ReadLimit limit, FloatBuffer x, LongBuffer labels) throws IOException {
            return Distrust.of(file, () -> {
                long length = loader.load(file, limit);
                H5Dataset[] datasets = loader.datasets(file, DATA, LABELS);
                normalise(datasets[0].requireShape(height, width, Channel.COUNT), x);
                copyLabels(datasets[1].requireShape(height, width), labels);
                return length;
            });
        }

        private void normalise(H5Dataset dataset, FloatBuffer x) throws IOException {
            FloatBuffer values = dataset.floats();
            if (values.remaining() != height * row.length) {
                throw H5File.damaged(dataset.file(), dataset.name() + " is cut off");
            }
            for (int i = 0; i < height; i++) {
                values.get(row);
                if (!statistics.normalise(row)) {
                    throw H5File.damaged(
                            dataset.file(), dataset.name() + " contains a number that is not finite, in row " + i);
                }
                x.put(row);
            }
        }

        private void copyLabels(H5Dataset dataset, LongBuffer labels) throws IOException {
            IntToLongFunction values = dataset.integers();
            for (int i = 0; i < height * width; i++) {
                long label = values.applyAsLong(i);
                if (label < 0 || label >= PixelClass.COUNT) {
                    throw H5File.damaged(
                            dataset.file(),
                            dataset.name() + " has label " + label + " in row " + i / width + ", column " + i % width
                                    + ", expected 0 to " + (PixelClass.COUNT - 1));
                }
                labels.put(label);
            }
        }
    }
}
