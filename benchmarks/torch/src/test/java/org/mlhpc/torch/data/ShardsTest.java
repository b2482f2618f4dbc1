package org.mlhpc.torch.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
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
                .flatMap(rank -> new Shards(rank, 3).validation(100, 10, 2).stream().flatMapToInt(Arrays::stream))
                .sorted()
                .toArray();
        assertArrayEquals(IntStream.range(100, 110).toArray(), all);
    }
}
