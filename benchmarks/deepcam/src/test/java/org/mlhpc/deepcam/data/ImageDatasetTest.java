package org.mlhpc.deepcam.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RankThreads;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.deepcam.DeepCam;

/** On images whose first value says their number. */
class ImageDatasetTest {
    private static final int SIDE = 16;
    private static final int TRAIN = 11;
    private static final int VALIDATION = 5;

    @TempDir
    private Path directory;

    @BeforeEach
    void writeImages() throws IOException {
        var statistics = new Statistics.Collector();
        for (String folder : List.of("train", "validation")) {
            Files.createDirectories(directory.resolve(folder));
            for (int i = 0; i < (folder.equals("train") ? TRAIN : VALIDATION); i++) {
                float[] values = new float[SIDE * SIDE * Channel.COUNT];
                Arrays.fill(values, 0, Channel.COUNT, i);
                // The same range in every channel: 0 to 100.
                Arrays.fill(values, values.length - Channel.COUNT, values.length, 100);
                byte[] labels = new byte[SIDE * SIDE];
                labels[1] = (byte) (i % 3);
                ImageFile.write(directory.resolve(folder + "/data-" + (100 + i) + ".h5"), values, labels, SIDE, SIDE);
                statistics.add(i, values);
            }
        }
        statistics.write(directory.resolve(Statistics.FILE_NAME));
    }

    private static Settings settings() {
        return new DeepCam()
                .settings("tiny")
                .with(Map.of("image_height", "" + SIDE, "image_width", "" + SIDE, "global_batch_size", "4"));
    }

    private ImageDataset open(Communicator world, Settings settings) throws IOException {
        int localBatch = Integer.parseInt(settings.get("global_batch_size")) / world.size();
        return new ImageDataset(directory, localBatch, new RunContext(world, settings, 7, PhaseClock.none(), 2));
    }

    private static List<Integer> numbers(BatchReader<Images> batches) throws IOException {
        var numbers = new ArrayList<Integer>();
        try (batches) {
            while (batches.next()) {
                Images batch = batches.batch();
                for (int i = 0; i < batch.samples(); i++) {
                    int number = Math.round(100
                            * batch.x()
                                    .narrow(0, i, 1)
                                    .reshape(-1)
                                    .data_ptr_float()
                                    .get(0));
                    numbers.add(number);
                    long label = batch.labels().data_ptr_long().get((long) i * SIDE * SIDE + 1);
                    assertEquals(number % 3, label);
                }
            }
        }
        return numbers;
    }

    @Test
    void anEpochShufflesAllAndDropsTheIncompleteBatch() throws IOException {
        try (ImageDataset dataset = open(new LocalCommunicator(), settings())) {
            List<Integer> first = numbers(dataset.train(1));
            assertEquals(2, dataset.stepsPerEpoch());
            assertEquals(8, dataset.trainSamples());
            assertEquals(TRAIN, dataset.loggedTrainSamples());
            assertEquals(8, new TreeSet<>(first).size());
            assertNotEquals(first, numbers(dataset.train(2)));
            assertEquals(first, numbers(dataset.train(1)));
        }
    }

    @Test
    void whatAnInterruptedEpochHasReadIsNotReadAgain() throws IOException {
        try (ImageDataset dataset = open(new LocalCommunicator(), settings());
                ImageDataset resumed = open(new LocalCommunicator(), settings())) {
            List<Integer> whole = numbers(dataset.train(2));
            assertEquals(whole.subList(4, 8), numbers(resumed.train(2, 1)));
            assertEquals(4, resumed.loading().orElseThrow().samples());
            assertEquals(List.of(), numbers(resumed.train(2, 2)));
        }
    }

    @Test
    void everyValidationImageIsSeenOnce() throws IOException {
        try (ImageDataset dataset = open(new LocalCommunicator(), settings())) {
            assertEquals(List.of(0, 1, 2, 3, 4), numbers(dataset.validation()));
            assertEquals(VALIDATION, dataset.validationSamples());
        }
    }

    @Test
    void ranksTogetherReadWhatOneRankReads() throws Exception {
        List<Integer> alone;
        try (ImageDataset dataset = open(new LocalCommunicator(), settings())) {
            alone = numbers(dataset.train(3));
        }
        var together = new ArrayList<Integer>();
        var validation = new ArrayList<Integer>();
        for (List<List<Integer>> own : RankThreads.run(2, world -> {
            try (ImageDataset dataset = open(world, settings())) {
                return List.of(numbers(dataset.train(3)), numbers(dataset.validation()));
            }
        })) {
            together.addAll(own.get(0));
            validation.addAll(own.get(1));
        }
        assertEquals(new TreeSet<>(alone), new TreeSet<>(together));
        assertEquals(8, together.size());
        assertEquals(List.of(0, 1, 2, 3, 4), validation.stream().sorted().toList());
    }

    @Test
    void whatIsReadIsCounted() throws IOException {
        try (ImageDataset dataset = open(new LocalCommunicator(), settings())) {
            numbers(dataset.validation());
            long size = Files.size(directory.resolve("validation/data-100.h5"));
            assertEquals(VALIDATION, dataset.loading().orElseThrow().samples());
            assertEquals(VALIDATION * size, dataset.loading().orElseThrow().bytes());
        }
    }

    /** All of five threads find an image to decode while the first batch, of one image, is in use. */
    @Test
    void threadsThatWereAskedForAreKeptBusy() throws Exception {
        Settings settings = settings().with(Map.of("global_batch_size", "1", "loader_threads", "5"));
        try (ImageDataset dataset = open(new LocalCommunicator(), settings);
                BatchReader<Images> batches = dataset.train(1)) {
            assertTrue(batches.next());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (loaded(dataset) < 6 && System.nanoTime() < deadline) {
                Thread.sleep(1);
            }
            assertEquals(6, loaded(dataset));
        }
    }

    private static long loaded(ImageDataset dataset) {
        return dataset.loading().orElseThrow().samples();
    }

    @Test
    void tooFewSamplesAndMissingPartsAreNamed() throws IOException {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> open(new LocalCommunicator(), settings().with("global_batch_size", 12)));
        assertTrue(
                e.getMessage().contains("global_batch_size=12")
                        && e.getMessage().contains("11"),
                e.getMessage());
        Files.delete(directory.resolve(Statistics.FILE_NAME));
        var missing = assertThrows(IOException.class, () -> open(new LocalCommunicator(), settings()));
        assertTrue(missing.getMessage().startsWith("no stats.h5 in "), missing.getMessage());
        var many = assertThrows(
                IOException.class,
                () -> open(new LocalCommunicator(), settings().with("train_samples", 12)));
        assertTrue(many.getMessage().contains("train_samples=12"), many.getMessage());
        assertFalse(many.getMessage().isEmpty());
    }

    @Test
    void aDamagedImageEndsTheEpochWithItsName() throws IOException {
        Path file = directory.resolve("train/data-103.h5");
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1000));
        try (ImageDataset dataset = open(new LocalCommunicator(), settings().with("global_batch_size", 1))) {
            var e = assertThrows(IOException.class, () -> numbers(dataset.train(1)));
            assertTrue(e.getMessage().contains("data-103.h5"), e.getMessage());
        }
    }

    /** To read one is an error whose message of the system does not name it. */
    @Test
    void aFolderInPlaceOfAFileIsNamed() throws IOException {
        Path file = directory.resolve("train/data-103.h5");
        Files.delete(file);
        Files.createDirectory(file);
        try (ImageDataset dataset = open(new LocalCommunicator(), settings().with("global_batch_size", 1))) {
            var e = assertThrows(IOException.class, () -> numbers(dataset.train(1)));
            assertEquals(file + " cannot be read (Is a directory)", e.getMessage());
        }
    }
}
