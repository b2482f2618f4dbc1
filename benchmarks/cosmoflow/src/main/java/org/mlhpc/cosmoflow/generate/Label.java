package org.mlhpc.cosmoflow.generate;

/**
 * What a network has to find out about a universe: per parameter the relative offset from the Planck value over the
 * spread of the prior, in [-1, 1]. The order is that of the published set.
 */
record Label(float omegaM, float sigma8, float spectralIndex, float hubble) {
    /** As stored with each sample. */
    float[] values() {
        return new float[] {omegaM, sigma8, spectralIndex, hubble};
    }
}
