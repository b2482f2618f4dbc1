package org.mlhpc.api;

/**
 * What the loader of this rank has done since the data set was opened.
 *
 * @param samples samples read and decoded
 * @param bytes bytes of their files
 * @param decodeSeconds time its threads spent reading and decoding, added up over threads
 * @param threads threads that decode
 */
public record Loading(long samples, long bytes, double decodeSeconds, int threads) {
    /** What came after {@code earlier}. */
    public Loading since(Loading earlier) {
        return new Loading(
                samples - earlier.samples, bytes - earlier.bytes, decodeSeconds - earlier.decodeSeconds, threads);
    }
}
