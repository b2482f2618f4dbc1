package org.mlhpc.roofline.counters;

import java.util.Locale;

/** Whose doings a counter counts. */
public enum Scope {
    /** Of this process alone. */
    PROCESS,
    /** Of everything on this node, other users' jobs included. */
    NODE,
    /** Of the accelerators of this node, whoever uses them. */
    DEVICE;

    /** {@code process}, as files, texts and tables have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
