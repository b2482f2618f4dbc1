package org.mlhpc.torch.data;

/**
 * How a loader reads ahead.
 *
 * @param threads that decode
 * @param batches decoded before they are asked for; the memory of one more holds the batch in use
 */
public record ReadAhead(int threads, int batches) {
    /**
     * By the settings. A thread decodes one sample at a time, so that small batches keep few threads busy: threads that
     * somebody asked for get as many batches as they need, and of others there are no more than have something to do.
     *
     * @param loaderThreads as asked for; 0 for about as many as compute
     * @param prefetchBatches the least to read ahead
     * @param localBatch samples of a batch
     * @param computeThreads of this rank
     */
    public static ReadAhead of(int loaderThreads, int prefetchBatches, int localBatch, int computeThreads) {
        if (loaderThreads > 0) {
            int busy = (loaderThreads + localBatch - 1) / localBatch;
            return new ReadAhead(loaderThreads, Math.max(prefetchBatches, busy));
        }
        // Training that waits has no batch in use, so that all memory is being decoded to.
        long samples = (prefetchBatches + 1L) * localBatch;
        return new ReadAhead((int) Math.min(computeThreads, samples), prefetchBatches);
    }
}
