package org.mlhpc.cosmoflow.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;

/** How counts become the model's input. */
enum Normalisation {
    /** log(count + 1), the published default. */
    LOG {
        @Override
        void apply(ShortBuffer counts, FloatBuffer input) {
            int base = input.position();
            for (int i = 0, n = counts.remaining(); i < n; i++) {
                input.put(base + i, LOG_OF_COUNT_PLUS_ONE[counts.get(i)]);
            }
        }
    },
    /** Count divided by the mean count of the sample, the published alternative. */
    MEAN {
        @Override
        void apply(ShortBuffer counts, FloatBuffer input) {
            long sum = 0;
            int n = counts.remaining();
            for (int i = 0; i < n; i++) {
                sum += counts.get(i);
            }
            float scale = sum == 0 ? 0 : (float) n / sum;
            int base = input.position();
            for (int i = 0; i < n; i++) {
                input.put(base + i, counts.get(i) * scale);
            }
        }
    };

    /** A count has 2^15 possible values, so each logarithm is computed once. */
    private static final float[] LOG_OF_COUNT_PLUS_ONE = new float[Short.MAX_VALUE + 1];

    static {
        for (int count = 0; count < LOG_OF_COUNT_PLUS_ONE.length; count++) {
            LOG_OF_COUNT_PLUS_ONE[count] = (float) Math.log1p(count);
        }
    }

    abstract void apply(ShortBuffer counts, FloatBuffer input);

    /**
     * Normalises the counts of {@code file} into {@code input} from its position on, in the same order.
     *
     * @throws IOException if a count is negative
     */
    void apply(Path file, ByteBuffer counts, FloatBuffer input) throws IOException {
        ShortBuffer values = counts.asShortBuffer();
        short signs = 0;
        for (int i = 0, n = values.remaining(); i < n; i++) {
            signs |= values.get(i);
        }
        if (signs < 0) {
            throw TfRecord.damaged(file, "feature 'x' contains a negative count");
        }
        apply(values, input);
    }
}
