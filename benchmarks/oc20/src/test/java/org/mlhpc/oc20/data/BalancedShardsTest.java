package org.mlhpc.oc20.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BalancedShardsTest {
    private static final int RANKS = 4;
    private static final int BATCH = 8;

    private static int[] work(int samples) {
        var random = new Random(1);
        return IntStream.range(0, samples)
                .map(i -> (int) (1000 * Math.exp(random.nextGaussian())))
                .toArray();
    }

    private static List<List<int[]>> ofAllRanks(int[] work) {
        var all = new ArrayList<List<int[]>>();
        for (int rank = 0; rank < RANKS; rank++) {
            all.add(new BalancedShards(rank, RANKS, BATCH).training(work, true, 3, 1));
        }
        return all;
    }

    @Test
    void ranksShareEachGlobalBatchOfOneRank() {
        int[] work = work(100);
        List<List<int[]>> ranks = ofAllRanks(work);
        List<int[]> one = new BalancedShards(0, 1, RANKS * BATCH).training(work, true, 3, 1);

        assertEquals(3, one.size());
        for (int step = 0; step < one.size(); step++) {
            int at = step;
            int[] together = ranks.stream()
                    .flatMapToInt(rank -> Arrays.stream(rank.get(at)))
                    .sorted()
                    .toArray();
            assertArrayEquals(Arrays.stream(one.get(step)).sorted().toArray(), together);
            ranks.forEach(rank -> assertEquals(BATCH, rank.get(at).length));
        }
    }

    /** Dealt out in turn, the heaviest rank has on average 1.5 times the mean here. */
    @Test
    void workIsBalanced() {
        int[] work = work(3200);
        List<List<int[]>> ranks = ofAllRanks(work);
        double excess = 0;
        for (int step = 0; step < 100; step++) {
            int at = step;
            long[] loads = ranks.stream()
                    .mapToLong(rank ->
                            Arrays.stream(rank.get(at)).mapToLong(i -> work[i]).sum())
                    .toArray();
            excess += Arrays.stream(loads).max().orElseThrow()
                    / Arrays.stream(loads).average().orElseThrow()
                    / 100;
        }
        assertTrue(excess < 1.1, "heaviest rank " + excess);
    }

    @Test
    void everyValidationSampleComesOnce() {
        int[] work = work(70);
        var seen = new ArrayList<Integer>();
        for (int rank = 0; rank < RANKS; rank++) {
            new BalancedShards(rank, RANKS, BATCH).validation(work).forEach(batch -> Arrays.stream(batch)
                    .forEach(seen::add));
        }
        assertEquals(
                IntStream.range(0, 70).boxed().toList(), seen.stream().sorted().toList());
    }

    @Test
    void epochsHaveOrdersOfTheirOwn() {
        int[] work = work(64);
        var shards = new BalancedShards(0, 1, 8);

        assertArrayEquals(
                shards.training(work, true, 3, 1).get(0),
                shards.training(work, true, 3, 1).get(0));
        assertTrue(!Arrays.equals(
                shards.training(work, true, 3, 1).get(0),
                shards.training(work, true, 3, 2).get(0)));
    }
}
