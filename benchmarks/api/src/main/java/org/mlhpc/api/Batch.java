package org.mlhpc.api;

/** A mini-batch in host or device memory, owned by the {@link BatchReader} that yields it. */
public interface Batch {
    /** Number of samples in this batch. */
    int samples();
}
