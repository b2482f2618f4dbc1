package org.mlhpc.roofline;

/** A path that bytes take and that has a bandwidth of its own. */
public enum Channel {
    /** Between processor and main memory. */
    MEMORY,
    /** Between file systems and memory. */
    STORAGE,
    /** Between ranks. */
    NETWORK
}
