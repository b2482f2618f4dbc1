package org.mlhpc.api;

/** A rate at which loaders may read files, to try how training does on slower storage. For several threads. */
@FunctionalInterface
public interface ReadLimit {
    /** Waits until so many bytes could have come. */
    void pass(long bytes);

    /** As fast as storage can. */
    static ReadLimit none() {
        return bytes -> {};
    }
}
