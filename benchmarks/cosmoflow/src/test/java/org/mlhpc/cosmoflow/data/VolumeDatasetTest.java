package org.mlhpc.cosmoflow.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.cosmoflow.CosmoFlow;

/** Each sample carries its number as target, so that it can be recognised. */
class VolumeDatasetTest {
    private static final int SIDE = 2;
    private static final int TRAIN = 14;
    private static final int VALIDATION = 5;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSamples() throws IOException {
        write("train", TRAIN);
        write("validation", VALIDATION);
    }

    private void write(String split, int count) throws IOException {
        Files.createDirectories(folder.resolve(split));
        for (int i = 0; i < count; i++) {
            ByteBuffer x = ByteBuffer.allocateDirect(SIDE * SIDE * SIDE * SampleFile.CHANNELS * Short.BYTES);
            SampleFile.write(
                    folder.resolve(split).resolve(String.format("universe_%03d.tfrecord", i)),
                    x,
                    new float[] {i, 0, 0, 0},
                    false);
        }
    }

    private static Settings settings(int batch) {
        return new CosmoFlow().settings("tiny").with(Map.of("sample_size", "" + SIDE, "global_batch_size", "" + batch));
    }

    private VolumeDataset open(Communicator world, int batch, long seed) throws IOException {
        return new VolumeDataset(folder, new RunContext(world, settings(batch), seed, PhaseClock.none(), 1));
    }

    private static List<Integer> numbers(BatchReader<Volumes> reader) throws IOException {
        var numbers = new ArrayList<Integer>();
        try (reader) {
            while (reader.next()) {
                for (int i = 0; i < reader.batch().samples(); i++) {
                    numbers.add((int) reader.batch().y().get(i).get(0).item_float());
                }
            }
        }
        return numbers;
    }

    private interface Reading {
        List<Integer> read(VolumeDataset dataset) throws IOException;
    }

    /** What each rank reads. */
    private List<List<Integer>> onRanks(int size, int batch, Reading reading) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(size);
        try {
            var ranks = new ArrayList<Future<List<Integer>>>();
            for (Communicator world : ThreadCommunicator.ofSize(size)) {
                ranks.add(threads.submit(() -> {
                    try (var dataset = open(world, batch, 1)) {
                        return reading.read(dataset);
                    }
                }));
            }
            var all = new ArrayList<List<Integer>>();
            for (Future<List<Integer>> rank : ranks) {
                all.add(rank.get(20, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Integer> sorted(List<List<Integer>> ranks) {
        return ranks.stream().flatMap(List::stream).sorted().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyValidationSampleIsReadExactlyOnce(int ranks) throws Exception {
        List<List<Integer>> read = onRanks(ranks, 2 * ranks, dataset -> numbers(dataset.validation()));

        assertEquals(IntStream.range(0, VALIDATION).boxed().toList(), sorted(read));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void anEpochReadsNoSampleTwiceAndDropsTheIncompleteBatchOnly(int ranks) throws Exception {
        int batch = 2 * ranks;
        List<List<Integer>> read = onRanks(ranks, batch, dataset -> numbers(dataset.train(1)));

        assertEquals(TRAIN / batch * batch, sorted(read).size());
        assertEquals(sorted(read), sorted(read).stream().distinct().toList());
        assertTrue(read.stream().allMatch(own -> own.size() == TRAIN / batch * 2));
    }

    @Test
    void ranksTogetherReadWhatOneRankWouldInEachStep() throws Exception {
        List<Integer> alone =
                onRanks(1, 4, dataset -> numbers(dataset.train(3))).get(0);
        List<List<Integer>> together = onRanks(2, 4, dataset -> numbers(dataset.train(3)));

        for (int step = 0; step < TRAIN / 4; step++) {
            List<Integer> whole =
                    alone.subList(4 * step, 4 * step + 4).stream().sorted().toList();
            int from = 2 * step;
            assertEquals(
                    whole,
                    sorted(together.stream()
                            .map(own -> own.subList(from, from + 2))
                            .toList()));
        }
    }

    @Test
    void theOrderFollowsFromSeedAndEpoch() throws IOException {
        try (var dataset = open(new LocalCommunicator(), 2, 1);
                var same = open(new LocalCommunicator(), 2, 1);
                var other = open(new LocalCommunicator(), 2, 2)) {
            List<Integer> first = numbers(dataset.train(1));
            assertEquals(first, numbers(same.train(1)));
            assertNotEquals(first, numbers(same.train(2)));
            assertNotEquals(first, numbers(other.train(1)));
        }
    }

    @Test
    void aDamagedSampleIsNamed() throws IOException {
        Path damaged = folder.resolve("train/universe_007.tfrecord");
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
        try (var dataset = open(new LocalCommunicator(), 1, 1)) {
            var e = assertThrows(IOException.class, () -> numbers(dataset.train(1)));
            assertTrue(e.getMessage().contains(damaged.toString()), e.getMessage());
        }
    }

    @Test
    void aFolderWithoutSamplesIsNamedWithTheFix() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("validation"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        var e = assertThrows(IOException.class, () -> open(new LocalCommunicator(), 2, 1));
        assertTrue(e.getMessage().contains(folder.resolve("validation").toString()), e.getMessage());
        assertTrue(e.getMessage().contains("data generate"), e.getMessage());
    }

    @Test
    void fewerSamplesThanAskedForAreAnError() {
        var settings = settings(2).with("train_samples", 99);
        var context = new RunContext(new LocalCommunicator(), settings, 1, PhaseClock.none(), 1);
        var e = assertThrows(IOException.class, () -> new VolumeDataset(folder, context));
        assertTrue(e.getMessage().contains("train_samples=99"), e.getMessage());
    }

    @Test
    void aBatchThatDoesNotDivideAmongTheRanksIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> VolumeDataset.localBatch(5, 2));
        assertTrue(e.getMessage().contains("global_batch_size=5"), e.getMessage());
    }
}
