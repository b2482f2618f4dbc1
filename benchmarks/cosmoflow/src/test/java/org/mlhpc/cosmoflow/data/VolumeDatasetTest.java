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
import org.mlhpc.api.RankThreads;
import org.mlhpc.api.RunContext;
import org.mlhpc.api.Settings;
import org.mlhpc.api.ThreadCommunicator;
import org.mlhpc.cosmoflow.CosmoFlow;
import org.mlhpc.torch.data.Shards;

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
        return RankThreads.run(size, world -> {
            try (var dataset = open(world, batch, 1)) {
                return reading.read(dataset);
            }
        });
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

    /** Moves the samples to the nodes as staging by parts does: rank r of n brings samples r, r + n, and so on. */
    private void deal(String split, int count, int... ranksOfNodes) throws IOException {
        int ranks = IntStream.of(ranksOfNodes).sum();
        for (int i = 0; i < count; i++) {
            int node = 0;
            for (int rest = i % ranks; rest >= ranksOfNodes[node]; node++) {
                rest -= ranksOfNodes[node];
            }
            Path to = folder.resolve("node" + node).resolve(split);
            Files.createDirectories(to);
            Path file = Path.of(String.format("universe_%03d.tfrecord", i));
            Files.move(folder.resolve(split).resolve(file), to.resolve(file));
        }
    }

    private List<List<Integer>> onNodes(Reading reading, String limit, int... ranksOfNodes) throws Exception {
        deal("train", TRAIN, ranksOfNodes);
        deal("validation", VALIDATION, ranksOfNodes);
        return RankThreads.run(ThreadCommunicator.ofNodes(ranksOfNodes), world -> {
            int node = (int)
                    world.node().max(world.node().rank() == 0 ? world.peers().rank() : 0);
            var settings = settings(2 * world.size()).with("train_samples", Integer.parseInt(limit));
            var run = new RunContext(world, settings, 1, PhaseClock.none(), 1);
            try (var dataset = VolumeDataset.ofNode(folder.resolve("node" + node), run)) {
                return reading.read(dataset);
            }
        });
    }

    @Test
    void partsOnNodesAreValidatedExactlyOnceEach() throws Exception {
        List<List<Integer>> read = onNodes(
                dataset -> {
                    assertEquals(VALIDATION, dataset.validationSamples());
                    return numbers(dataset.validation());
                },
                "0",
                2,
                1);

        assertEquals(IntStream.range(0, VALIDATION).boxed().toList(), sorted(read));
    }

    @Test
    void partsOnNodesTakeTheSameStepsEverywhereAndReadNothingTwice() throws Exception {
        List<List<Integer>> read = onNodes(dataset -> numbers(dataset.train(1)), "0", 2, 1);

        // 14 samples dealt to 3 ranks: 10 and 4; a step takes 4 and 2, so both nodes have two steps.
        assertTrue(read.stream().allMatch(own -> own.size() == 4), read.toString());
        assertEquals(sorted(read), sorted(read).stream().distinct().toList());
        assertTrue(read.get(2).stream().allMatch(sample -> sample % 3 == 2), read.toString());
    }

    @Test
    void aLimitTakesTheFirstSamplesOfAllNodesTogether() throws Exception {
        List<List<Integer>> read = onNodes(dataset -> numbers(dataset.train(1)), "6", 2, 1);

        assertEquals(IntStream.range(0, 6).boxed().toList(), sorted(read));
    }

    @Test
    void theLoaderCountsWhatItReads() throws Exception {
        List<List<Integer>> read = onRanks(1, 2, dataset -> {
            List<Integer> numbers = numbers(dataset.train(1));
            var loading = dataset.loading().orElseThrow();
            assertEquals(TRAIN, loading.samples());
            assertEquals(TRAIN * Files.size(folder.resolve("train/universe_000.tfrecord")), loading.bytes());
            assertTrue(loading.decodeSeconds() > 0);
            return numbers;
        });
        assertEquals(TRAIN, read.get(0).size());
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
    void whatAnInterruptedEpochHasReadIsNotReadAgain() throws IOException {
        try (var dataset = open(new LocalCommunicator(), 2, 1);
                var resumed = open(new LocalCommunicator(), 2, 1)) {
            List<Integer> whole = numbers(dataset.train(1));
            assertEquals(whole.subList(6, whole.size()), numbers(resumed.train(1, 3)));
            assertEquals(whole.size() - 6, resumed.loading().orElseThrow().samples());
            assertEquals(List.of(), numbers(resumed.train(1, resumed.stepsPerEpoch())));
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
        var e = assertThrows(IllegalArgumentException.class, () -> Shards.localBatch(5, 2));
        assertTrue(e.getMessage().contains("global_batch_size=5"), e.getMessage());
    }

    /** To read one is an error whose message of the system does not name it. */
    @Test
    void aFolderInPlaceOfASampleIsNamed() throws IOException {
        Path sample = folder.resolve("train/universe_003.tfrecord");
        Files.delete(sample);
        Files.createDirectory(sample);
        try (var dataset = open(new LocalCommunicator(), 2, 1)) {
            var e = assertThrows(IOException.class, () -> numbers(dataset.train(1)));
            assertEquals(sample + " cannot be read (Is a directory)", e.getMessage());
        }
    }
}
