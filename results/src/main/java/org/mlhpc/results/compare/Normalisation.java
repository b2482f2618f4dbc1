package org.mlhpc.results.compare;

import java.util.OptionalLong;
import org.mlhpc.results.entry.Entry;

/** What a result is divided by. */
public enum Normalisation {
    NONE(""),
    PER_ACCELERATOR(" per accelerator"),
    PER_NODE(" per node");

    private final String suffix;

    Normalisation(String suffix) {
        this.suffix = suffix;
    }

    /** To put behind the name of a number. */
    public String suffix() {
        return suffix;
    }

    /** Accelerators (nodes of a system without) or nodes of the entry; empty if not known. */
    OptionalLong count(Entry entry) {
        return switch (this) {
            case NONE -> OptionalLong.of(1);
            case PER_ACCELERATOR -> entry.machine().scale();
            case PER_NODE -> entry.machine().nodes();
        };
    }
}
