package org.mlhpc.oc20.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mlhpc.torch.data.Shards;

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

        assertEquals(4, one.size());
        assertEquals(4, one.get(3).length);
        for (int step = 0; step < one.size(); step++) {
            int at = step;
            int[] together = ranks.stream()
                    .flatMapToInt(rank -> Arrays.stream(rank.get(at)))
                    .sorted()
                    .toArray();
            assertArrayEquals(Arrays.stream(one.get(step)).sorted().toArray(), together);
            ranks.forEach(rank -> assertEquals(at == 3 ? 1 : BATCH, rank.get(at).length));
        }
    }

    /** 70 = 2 * 32 + 6: the last batch has 8, two of them from the beginning of the epoch. */
    @Test
    void theLastBatchIsFilledUpForAllRanks() {
        List<List<int[]>> ranks = ofAllRanks(work(70));
        var times = new int[70];
        for (List<int[]> rank : ranks) {
            assertEquals(3, rank.size());
            assertEquals(2, rank.get(2).length);
            rank.forEach(batch -> Arrays.stream(batch).forEach(sample -> times[sample]++));
        }
        assertEquals(68, Arrays.stream(times).filter(count -> count == 1).count());
        assertEquals(2, Arrays.stream(times).filter(count -> count == 2).count());
        List<int[]> first = new BalancedShards(0, 1, 2).training(work(70), true, 3, 1);
        Arrays.stream(first.get(0)).forEach(sample -> assertEquals(2, times[sample]));
    }

    /** The published epoch. */
    @Test
    void stepsAreThePublishedOnes() {
        var shards = new BalancedShards(0, 32, 8);
        assertEquals(7_813, shards.steps(2_000_000));
        assertEquals(2_000_000, shards.trained(2_000_000));
        assertEquals(72, new BalancedShards(0, 4, 8).trained(70));
        assertEquals(3, new BalancedShards(0, 4, 8).steps(70));
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

    /** The rule word by word: the largest first, each to the first of the ranks with the least work and a free place. */
    private static List<Integer> dealt(List<Integer> batch, int[] work, int rank) {
        var largestFirst = new ArrayList<>(batch);
        largestFirst.sort(Comparator.comparingInt(sample -> -work[sample]));
        var parts = new ArrayList<List<Integer>>();
        for (int r = 0; r < RANKS; r++) {
            parts.add(new ArrayList<>());
        }
        for (int sample : largestFirst) {
            parts.stream()
                    .filter(part -> part.size() < BATCH)
                    .min(Comparator.comparingInt(
                            part -> part.stream().mapToInt(i -> work[i]).sum()))
                    .orElseThrow()
                    .add(sample);
        }
        return parts.get(rank);
    }

    @Test
    void batchesAreDealtByTheRule() {
        int[] work = work(4 * RANKS * BATCH);
        Arrays.setAll(work, i -> work[i] / 400); // so that many are equal
        List<Integer> order =
                Arrays.stream(Shards.order(work.length, true, 3, 1)).boxed().toList();
        List<List<int[]>> ranks = ofAllRanks(work);
        for (int step = 0; step < 4; step++) {
            List<Integer> batch = order.subList(step * RANKS * BATCH, (step + 1) * RANKS * BATCH);
            for (int rank = 0; rank < RANKS; rank++) {
                assertEquals(
                        dealt(batch, work, rank),
                        Arrays.stream(ranks.get(rank).get(step)).boxed().toList());
            }
        }
    }
}
