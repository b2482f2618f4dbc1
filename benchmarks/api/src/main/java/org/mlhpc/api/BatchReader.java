package org.mlhpc.api;

import java.io.IOException;

/** A forward-only cursor over batches. The time spent in {@link #next()} is the run's data stall. */
public interface BatchReader<B extends Batch> extends AutoCloseable {
    /**
     * Waits for the next batch and frees the previous one; false after the last.
     *
     * @throws IOException if a sample cannot be read or is damaged; the message names the file
     */
    boolean next() throws IOException;

    /** The current batch, valid until {@link #next()} or {@link #close()}. */
    B batch();

    /** Stops reading ahead and frees the buffers. Safe to call in any state, also twice. */
    @Override
    void close();
}
