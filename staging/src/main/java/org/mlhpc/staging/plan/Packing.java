package org.mlhpc.staging.plan;

/**
 * What GZIP does to a data set, by a sample of its files.
 *
 * @param share share of the sample's files that are GZIP files
 * @param growth bytes after decompression by bytes before, over all files of the sample
 * @param bytesPerSecond packed bytes that one thread decompresses in a second; 0 if nothing is packed
 */
public record Packing(double share, double growth, double bytesPerSecond) {
    /** A data set without packed files. */
    public static Packing none() {
        return new Packing(0, 1, 0);
    }

    public boolean isPacked() {
        return share > 0;
    }
}
