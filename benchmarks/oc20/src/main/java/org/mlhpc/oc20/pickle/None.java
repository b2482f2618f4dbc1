package org.mlhpc.oc20.pickle;

/** Python's None. */
public enum None {
    NONE
}
