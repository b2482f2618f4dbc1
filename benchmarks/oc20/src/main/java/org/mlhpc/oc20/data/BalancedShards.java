package org.mlhpc.oc20.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.mlhpc.torch.data.Shards;

/**
 * Which rank reads which sample when. The samples of a global batch are dealt out so that all ranks have about equally much
 * work: the largest first, each to the rank with the least so far that still has a place. Every rank computes the whole deal.
 *
 * @param localBatch samples of each rank in a full batch
 */
record BalancedShards(int rank, int ranks, int localBatch) {
    /**
     * All samples. The last batch may be short; as published, the first samples of the epoch come again in it until all ranks
     * have equally many.
     *
     * @param work of each sample, in any unit
     */
    List<int[]> training(int[] work, boolean shuffle, long seed, int epoch) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, work.length).boxed().toList());
        if (shuffle) {
            Collections.shuffle(order, Shards.order(seed, epoch));
        }
        for (int again = 0; order.size() % ranks != 0; again++) {
            order.add(order.get(again));
        }
        int globalBatch = localBatch * ranks;
        var batches = new ArrayList<int[]>();
        for (int from = 0; from < order.size(); from += globalBatch) {
            int to = Math.min(from + globalBatch, order.size());
            batches.add(deal(order.subList(from, to), work, (to - from) / ranks));
        }
        return batches;
    }

    /** Samples of an epoch of {@link #training}, those that come again included. */
    long trained(int samples) {
        return (long) (samples + ranks - 1) / ranks * ranks;
    }

    /** Batches of an epoch of {@link #training}. */
    long steps(int samples) {
        long globalBatch = (long) localBatch * ranks;
        return (trained(samples) + globalBatch - 1) / globalBatch;
    }

    /** Every sample on exactly one rank; a rank that gets nothing of the last batch has one batch less. */
    List<int[]> validation(int[] work) {
        int globalBatch = localBatch * ranks;
        var batches = new ArrayList<int[]>();
        for (int from = 0; from < work.length; from += globalBatch) {
            int to = Math.min(from + globalBatch, work.length);
            int[] own = deal(IntStream.range(from, to).boxed().toList(), work, localBatch);
            if (own.length > 0) {
                batches.add(own);
            }
        }
        return batches;
    }

    /** This rank's part, where no rank has more than {@code places}. */
    private int[] deal(List<Integer> globalBatch, int[] work, int places) {
        List<Integer> largestFirst = globalBatch.stream()
                .sorted(Comparator.comparingInt((Integer sample) -> -work[sample]))
                .toList();
        long[] load = new long[ranks];
        int[] dealt = new int[ranks];
        var own = new ArrayList<Integer>();
        for (int sample : largestFirst) {
            int to = leastLoaded(load, dealt, places);
            load[to] += work[sample];
            dealt[to]++;
            if (to == rank) {
                own.add(sample);
            }
        }
        return own.stream().mapToInt(Integer::intValue).toArray();
    }

    private int leastLoaded(long[] load, int[] dealt, int places) {
        int least = -1;
        for (int r = 0; r < ranks; r++) {
            if (dealt[r] < places && (least < 0 || load[r] < load[least])) {
                least = r;
            }
        }
        return least;
    }
}
