package org.mlhpc.torch.data;

import static org.mlhpc.api.Settings.requireAtLeast;

/**
 * What of a data set is read, and how. Settings of the same names, of every workload.
 *
 * @param trainSamples how many to use, the first ones; 0 for all
 * @param validationSamples how many to use, the first ones; 0 for all
 * @param shuffle whether each epoch has an order of its own
 * @param loaderThreads threads that decode; 0 for about as many as compute
 * @param prefetchBatches decoded before they are asked for, at least
 */
public record LoaderOptions(
        int trainSamples, int validationSamples, boolean shuffle, int loaderThreads, int prefetchBatches) {
    public LoaderOptions {
        requireAtLeast(0, "train_samples", trainSamples);
        requireAtLeast(0, "validation_samples", validationSamples);
        requireAtLeast(0, "loader_threads", loaderThreads);
        requireAtLeast(1, "prefetch_batches", prefetchBatches);
    }

    /**
     * How to read ahead.
     *
     * @param localBatch samples of a batch
     * @param computeThreads of this rank
     */
    public ReadAhead readAhead(int localBatch, int computeThreads) {
        return ReadAhead.of(loaderThreads, prefetchBatches, localBatch, computeThreads);
    }
}
