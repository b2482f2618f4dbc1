package org.mlhpc.torch.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadAheadTest {
    @ParameterizedTest
    @CsvSource({
        // Asked for: each of eight threads gets a sample, in as many batches as that takes, and never fewer than asked
        // for.
        "8, 2, 1, 4, 8, 8",
        "8, 2, 3, 4, 8, 3",
        "8, 2, 16, 4, 8, 2",
        "1, 2, 1, 4, 1, 2",
        // Chosen: no more threads than there are samples in all batches.
        "0, 2, 1, 64, 3, 2",
        "0, 2, 1, 2, 2, 2",
        "0, 4, 8, 64, 40, 4"
    })
    void threadsAndBatchesSuitEachOther(
            int loaderThreads, int prefetchBatches, int localBatch, int computeThreads, int threads, int batches) {
        assertEquals(
                new ReadAhead(threads, batches),
                ReadAhead.of(loaderThreads, prefetchBatches, localBatch, computeThreads));
    }
}
