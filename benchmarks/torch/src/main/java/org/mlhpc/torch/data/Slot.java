package org.mlhpc.torch.data;

import java.io.IOException;
import org.mlhpc.api.Batch;

/** Reusable memory for one batch. */
public interface Slot<B extends Batch> extends AutoCloseable {
    /**
     * Reads sample number {@code sample} of the data set to place {@code position} of this batch. Called by several
     * threads at once for different positions.
     *
     * @return bytes that were read
     */
    long decode(int position, int sample) throws IOException;

    /**
     * Told once all of the first {@code samples} places are decoded, by one of the threads that decode: the place for work on
     * the batch as a whole, of which the reader then sees nothing.
     */
    default void complete(int samples) {}

    /**
     * The first {@code samples} places as a batch, once they are {@link #complete}; valid until this slot is decoded to again
     * or closed.
     */
    B batch(int samples);

    @Override
    void close();
}
