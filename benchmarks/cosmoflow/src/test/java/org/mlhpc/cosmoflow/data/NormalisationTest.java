package org.mlhpc.cosmoflow.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NormalisationTest {
    private static final Path FILE = Path.of("universe_a_000.tfrecord");

    private static ByteBuffer counts(int... counts) {
        var bytes = ByteBuffer.allocate(counts.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int count : counts) {
            bytes.putShort((short) count);
        }
        return bytes.flip();
    }

    @Test
    void takesTheLogarithmOfEveryPossibleCount() throws IOException {
        int[] all = new int[Short.MAX_VALUE + 1];
        Arrays.setAll(all, i -> i);
        FloatBuffer input = FloatBuffer.allocate(all.length);

        Normalisation.LOG.apply(FILE, counts(all), input);

        for (int count : all) {
            assertEquals((float) Math.log(count + 1.0), input.get(count), Math.ulp(11f));
        }
    }

    @Test
    void dividesByTheMeanOfTheSample() throws IOException {
        FloatBuffer input = FloatBuffer.allocate(4);

        Normalisation.MEAN.apply(FILE, counts(0, 2, 4, 10), input);

        float[] expected = {0, 0.5f, 1, 2.5f};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], input.get(i));
        }
    }

    @Test
    void anEmptySampleStaysZero() throws IOException {
        FloatBuffer input = FloatBuffer.allocate(2);

        Normalisation.MEAN.apply(FILE, counts(0, 0), input);

        assertEquals(0, input.get(0));
        assertEquals(0, input.get(1));
    }

    @Test
    void writesFromThePositionOnAndNowhereElse() throws IOException {
        FloatBuffer input = FloatBuffer.wrap(new float[] {9, 9, 9, 9}).position(1);

        Normalisation.LOG.apply(FILE, counts(0, 0), input);

        assertEquals(FloatBuffer.wrap(new float[] {9, 0, 0, 9}), input.position(0));
    }

    @Test
    void aNegativeCountIsDamage() {
        var e = assertThrows(
                IOException.class, () -> Normalisation.LOG.apply(FILE, counts(1, -1), FloatBuffer.allocate(2)));
        assertTrue(e.getMessage().contains(FILE.toString()), e.getMessage());
    }
}
