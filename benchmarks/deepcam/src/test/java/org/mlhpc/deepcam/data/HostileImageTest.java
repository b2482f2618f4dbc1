package org.mlhpc.deepcam.data;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mlhpc.api.ReadLimit;

/** Files with changed bytes: whatever comes of it, they are read, or refused by name. */
class HostileImageTest {
    private static final int HEIGHT = 4;
    private static final int WIDTH = 6;
    private static final int ROUNDS = 1000;

    @TempDir
    private Path directory;

    /** Something to read. */
    private interface Reading {
        void read(Path file) throws IOException;
    }

    /** One to four bytes at a time, anywhere or in the first 2 kB, where the headers begin. */
    private static byte[] damaged(byte[] sound, int round, Random random) {
        byte[] damaged = sound.clone();
        for (int change = 0; change <= round % 4; change++) {
            int end = random.nextBoolean() ? damaged.length : Math.min(2048, damaged.length);
            // Counts and addresses that are far too large tempt a reader most.
            damaged[random.nextInt(end)] = (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
        }
        return damaged;
    }

    private static int refused(Path file, Reading reading) throws IOException {
        byte[] sound = Files.readAllBytes(file);
        var random = new Random(1);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(file, damaged(sound, round, random));
            try {
                reading.read(file);
            } catch (IOException e) {
                assertNotNull(e.getMessage());
                assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
                refused++;
            }
        }
        return refused;
    }

    private static Statistics identity() {
        double[] one = new double[Channel.COUNT];
        Arrays.fill(one, 1);
        return new Statistics(new double[Channel.COUNT], one);
    }

    @ParameterizedTest
    @MethodSource("org.mlhpc.deepcam.data.ImageFileTest#layouts")
    @Timeout(120)
    void imagesAreReadOrRefused(String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = HostileImageTest.class.getResourceAsStream(name)) {
            Files.copy(in, file);
        }
        var reader = new ImageFile.Reader(HEIGHT, WIDTH, identity());

        int refused = refused(
                file,
                damaged -> reader.read(
                        damaged,
                        ReadLimit.none(),
                        FloatBuffer.allocate(HEIGHT * WIDTH * Channel.COUNT),
                        LongBuffer.allocate(HEIGHT * WIDTH)));

        assertTrue(refused > ROUNDS / 10, refused + " of " + ROUNDS + " were refused");
    }

    @Test
    @Timeout(120)
    void statisticsAreReadOrRefused() throws IOException {
        var collector = new Statistics.Collector();
        float[] values = new float[2 * Channel.COUNT];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        collector.add(0, values);
        Path file = directory.resolve(Statistics.FILE_NAME);
        collector.write(file);

        int refused = refused(file, damaged -> Statistics.read(directory));

        assertTrue(refused > ROUNDS / 10, refused + " of " + ROUNDS + " were refused");
    }
}
