package org.mlhpc.torch.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which rank reads which file when. Rank r takes every size-th file from r on, so that in each step the ranks together
 * read the same files as one rank with the whole batch would.
 */
public record Shards(int rank, int ranks) {
    /** Odd, so that different epochs of one seed get different states; the golden ratio as in SplittableRandom. */
    private static final long EPOCH_STRIDE = 0x9E3779B97F4A7C15L;

    /**
     * Samples per rank and step.
     *
     * @throws IllegalArgumentException if ranks would get different numbers
     */
    public static int localBatch(int globalBatch, int ranks) {
        if (globalBatch % ranks != 0) {
            throw new IllegalArgumentException("global_batch_size=" + globalBatch + " does not divide evenly among "
                    + ranks + " ranks; choose a multiple of " + ranks);
        }
        return globalBatch / ranks;
    }

    /**
     * The samples in the order of an epoch, whoever parts them.
     *
     * @param shuffle whether each epoch has an order of its own (Fisher and Yates' shuffle)
     */
    public static int[] order(int samples, boolean shuffle, long seed, int epoch) {
        int[] order = IntStream.range(0, samples).toArray();
        if (shuffle) {
            var random = new Random(seed + epoch * EPOCH_STRIDE);
            for (int left = samples; left > 1; left--) {
                int chosen = random.nextInt(left);
                int last = order[left - 1];
                order[left - 1] = order[chosen];
                order[chosen] = last;
            }
        }
        return order;
    }

    /** Full batches only; the remainder is dropped, as published. */
    public List<int[]> training(int files, int localBatch, boolean shuffle, long seed, int epoch) {
        int[] order = order(files, shuffle, seed, epoch);
        int steps = files / (localBatch * ranks);
        var batches = new ArrayList<int[]>(steps);
        for (int step = 0; step < steps; step++) {
            int[] batch = new int[localBatch];
            for (int i = 0; i < localBatch; i++) {
                batch[i] = order[(step * localBatch + i) * ranks + rank];
            }
            batches.add(batch);
        }
        return batches;
    }

    /**
     * Every file on exactly one rank; the last batch may be short.
     *
     * @param first number of the first file
     */
    public List<int[]> validation(int first, int files, int localBatch) {
        int[] own = IntStream.range(0, files)
                .filter(file -> file % ranks == rank)
                .map(file -> first + file)
                .toArray();
        var batches = new ArrayList<int[]>();
        for (int from = 0; from < own.length; from += localBatch) {
            batches.add(Arrays.copyOfRange(own, from, Math.min(from + localBatch, own.length)));
        }
        return batches;
    }
}
