package org.mlhpc.staging;

/** Whether GZIP files are decompressed while they are staged. */
public enum Unpacking {
    NO,
    YES,
    /** If the plan predicts that the run gains. */
    AUTO
}
