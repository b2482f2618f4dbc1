package org.mlhpc.roofline.predict;

/**
 * What has to be read.
 *
 * @param trainSamples seen in an epoch
 * @param evalSamples evaluated after each epoch
 * @param bytesPerSample mean length of a sample's file
 */
public record DataSet(long trainSamples, long evalSamples, double bytesPerSample) {
    public DataSet {
        if (trainSamples < 1 || evalSamples < 0 || !(bytesPerSample >= 0) || Double.isInfinite(bytesPerSample)) {
            throw new IllegalArgumentException("no data set: " + trainSamples + " samples to train, " + evalSamples
                    + " to evaluate, of " + bytesPerSample + " bytes");
        }
    }

    /** Bytes of the whole set. */
    public double bytes() {
        return (trainSamples + evalSamples) * bytesPerSample;
    }
}
