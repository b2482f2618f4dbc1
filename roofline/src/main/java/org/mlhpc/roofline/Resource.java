package org.mlhpc.roofline;

/** What a step of training uses up: arithmetic, or the bandwidth of a {@link Channel}. */
public enum Resource {
    COMPUTE,
    MEMORY,
    STORAGE,
    NETWORK
}
