package org.mlhpc.roofline.measure;

/**
 * How long to measure.
 *
 * @param iterations timed, each a value of the spread
 * @param iterationMillis length of each
 * @param fileBytes of the file that storage is measured with
 * @param files that metadata rates are measured with
 * @param largestMessage of the network, in bytes
 */
public record Effort(int iterations, int iterationMillis, long fileBytes, int files, int largestMessage) {
    /** A few minutes. */
    public static final Effort FULL = new Effort(9, 250, 1L << 30, 4000, 1 << 26);
    /** About a minute on a few cores, with wider spreads. */
    public static final Effort QUICK = new Effort(3, 100, 256L << 20, 500, 1 << 22);
}
