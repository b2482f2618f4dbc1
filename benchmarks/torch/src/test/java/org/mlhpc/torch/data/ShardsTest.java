package org.mlhpc.torch.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardsTest {
    private static final long SEED = 7;

    @Test
    void theRanksTogetherReadWhatOneRankWithTheWholeBatchReads() {
        var alone = new Shards(0, 1).training(50, 12, true, SEED, 3);
        for (int step = 0; step < 4; step++) {
            int at = step;
            int[] together = IntStream.range(0, 3)
                    .flatMap(rank -> Arrays.stream(
                            new Shards(rank, 3).training(50, 4, true, SEED, 3).get(at)))
                    .sorted()
                    .toArray();
            assertArrayEquals(Arrays.stream(alone.get(step)).sorted().toArray(), together);
        }
        assertEquals(4, alone.size(), "the remainder of two files is dropped");
    }

    @Test
    void theOrderDependsOnSeedAndEpochAlone() {
        int[] first = new Shards(0, 1).training(64, 64, true, SEED, 1).get(0);
        assertArrayEquals(
                first, new Shards(0, 1).training(64, 64, true, SEED, 1).get(0));
        assertFalse(Arrays.equals(
                first, new Shards(0, 1).training(64, 64, true, SEED, 2).get(0)));
        assertFalse(Arrays.equals(
                first, new Shards(0, 1).training(64, 64, true, SEED + 1, 1).get(0)));
    }

    @Test
    void validationReadsEveryFileExactlyOnceWithoutPadding() {
        int[] all = IntStream.range(0, 3)
                .flatMap(rank ->
                        new Shards(rank, 3).validation(100, 10, 2).stream().flatMapToInt(Arrays::stream))
                .sorted()
                .toArray();
        assertArrayEquals(IntStream.range(100, 110).toArray(), all);
    }

    /** Runs that were interrupted before go on in the order they began with. */
    @Test
    void theOrderIsThatOfTheShuffleOfTheJdk() {
        List<Integer> expected =
                new ArrayList<>(IntStream.range(0, 1000).boxed().toList());
        int epoch = 3;
        Collections.shuffle(expected, new Random(SEED + epoch * 0x9E3779B97F4A7C15L));

        assertEquals(
                expected,
                Arrays.stream(Shards.order(1000, true, SEED, 3)).boxed().toList());
        assertArrayEquals(IntStream.range(0, 1000).toArray(), Shards.order(1000, false, SEED, 3));
    }
}
