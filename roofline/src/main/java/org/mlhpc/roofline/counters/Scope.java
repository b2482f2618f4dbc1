package org.mlhpc.roofline.counters;

/** Whose doings a counter counts. */
public enum Scope {
    /** Of this process alone. */
    PROCESS,
    /** Of everything on this node, other users' jobs included. */
    NODE,
    /** Of the accelerators of this node, whoever uses them. */
    DEVICE
}
