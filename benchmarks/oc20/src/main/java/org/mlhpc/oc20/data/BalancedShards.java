package org.mlhpc.oc20.data;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
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
     * have equally many. A batch is dealt out when it is asked for, since an epoch of all ranks would take long at once.
     *
     * @param work of each sample, in any unit
     */
    List<int[]> training(int[] work, boolean shuffle, long seed, int epoch) {
        int[] order = Shards.order(work.length, shuffle, seed, epoch);
        int globalBatch = localBatch * ranks;
        int samples = Math.toIntExact(trained(work.length));
        int steps = Math.toIntExact(steps(work.length));
        return new AbstractList<>() {
            @Override
            public int[] get(int step) {
                int from = Objects.checkIndex(step, steps) * globalBatch;
                int to = Math.min(from + globalBatch, samples);
                int[] batch = IntStream.range(from, to)
                        .map(i -> order[i % order.length])
                        .toArray();
                return deal(batch, work, batch.length / ranks);
            }

            @Override
            public int size() {
                return steps;
            }
        };
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
            int[] own = deal(IntStream.range(from, to).toArray(), work, localBatch);
            if (own.length > 0) {
                batches.add(own);
            }
        }
        return batches;
    }

    /** What a rank has been dealt of a batch. */
    private record Part(int rank, int samples, long work) implements Comparable<Part> {
        Part with(int workOfSample) {
            return new Part(rank, samples + 1, work + workOfSample);
        }

        /** By work; of equal parts the one of the first rank. */
        @Override
        public int compareTo(Part other) {
            int byWork = Long.compare(work, other.work);
            return byWork != 0 ? byWork : Integer.compare(rank, other.rank);
        }
    }

    /** This rank's part, where no rank has more than {@code places}. */
    private int[] deal(int[] globalBatch, int[] work, int places) {
        var parts = new PriorityQueue<Part>();
        for (int r = 0; r < ranks; r++) {
            parts.add(new Part(r, 0, 0));
        }
        int[] own = new int[places];
        int count = 0;
        for (int sample : largestFirst(globalBatch, work)) {
            Part least = parts.remove();
            if (least.rank() == rank) {
                own[count++] = sample;
            }
            if (least.samples() + 1 < places) {
                parts.add(least.with(work[sample]));
            }
        }
        return Arrays.copyOf(own, count);
    }

    /** Of equally large ones, the earlier first. */
    private static int[] largestFirst(int[] batch, int[] work) {
        return IntStream.range(0, batch.length)
                .mapToLong(position -> (long) -work[batch[position]] * batch.length + position)
                .sorted()
                .mapToInt(key -> batch[(int) Math.floorMod(key, (long) batch.length)])
                .toArray();
    }
}
