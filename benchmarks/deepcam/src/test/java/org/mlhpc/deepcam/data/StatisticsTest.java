package org.mlhpc.deepcam.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatisticsTest {
    @TempDir
    private Path directory;

    private static float[] image(float factor) {
        float[] values = new float[2 * Channel.COUNT];
        for (int i = 0; i < values.length; i++) {
            values[i] = factor * i;
        }
        return values;
    }

    @Test
    void collectedRangesNormaliseToZeroAndOne() throws IOException {
        var collector = new Statistics.Collector();
        collector.add(1, image(2));
        collector.add(0, image(-1));
        collector.write(directory.resolve(Statistics.FILE_NAME));
        Statistics statistics = Statistics.read(directory);

        // Channel 3 has -3, -19, 6, 38.
        float[] pixel = new float[Channel.COUNT];
        pixel[3] = -19;
        assertTrue(statistics.normalise(pixel));
        assertEquals(0, pixel[3], 1e-6);
        pixel[3] = 38;
        statistics.normalise(pixel);
        assertEquals(1, pixel[3], 1e-6);
    }

    @Test
    void theFileDoesNotDependOnTheOrderOfImages() throws IOException {
        var one = new Statistics.Collector();
        var other = new Statistics.Collector();
        for (int i = 0; i < 20; i++) {
            one.add(i, image(1f / (i + 1)));
            other.add(19 - i, image(1f / (20 - i)));
        }
        one.write(directory.resolve("one.h5"));
        other.write(directory.resolve("other.h5"));

        assertArrayEquals(
                Files.readAllBytes(directory.resolve("one.h5")), Files.readAllBytes(directory.resolve("other.h5")));
    }

    @Test
    void channelsWithoutRangeMissingFilesAndShortVectorsAreNamed() throws IOException {
        Path file = directory.resolve(Statistics.FILE_NAME);
        String message = assertThrows(IOException.class, () -> Statistics.read(directory))
                .getMessage();
        assertTrue(message.startsWith("no stats.h5 in " + directory), message);
        H5File.write(file, Map.of("minval", new float[16], "maxval", new float[16]));
        message = assertThrows(IOException.class, () -> Statistics.read(directory))
                .getMessage();
        assertTrue(message.contains("channel number 0") && message.contains("climate/maxval 0.0"), message);
        Files.delete(file);
        H5File.write(file, Map.of("minval", new float[4], "maxval", new float[16]));
        message = assertThrows(IOException.class, () -> Statistics.read(directory))
                .getMessage();
        assertTrue(message.contains("climate/minval has shape [4], expected [16]"), message);
    }

    /** The file is written last. */
    @Test
    void anInterruptedGenerationIsNotTakenForThePublishedSet() throws IOException {
        Files.createDirectories(directory.resolve("train"));
        Files.createFile(directory.resolve("train/data-000000.h5"));

        String message = assertThrows(IOException.class, () -> Statistics.read(directory))
                .getMessage();

        assertEquals(
                "no stats.h5 in " + directory
                        + ": the data set was not generated to its end; delete it and generate it again",
                message);
    }
}
