package org.mlhpc.api;

import java.io.IOException;
import java.nio.file.Path;

/** A mini-batch in host or device memory, owned by the {@link BatchReader} that yields it. */
public interface Batch {
    /** Number of samples in this batch. */
    int samples();

    /**
     * Writes what a step on this batch works on to {@code file}, in the Safetensors format, for another program to do the same
     * work. False, and nothing is written, where batches of as many samples are all the same work.
     *
     * @throws IOException if the file cannot be written; the message names it
     */
    default boolean export(Path file) throws IOException {
        return false;
    }
}
