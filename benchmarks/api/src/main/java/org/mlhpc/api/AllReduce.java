package org.mlhpc.api;

/**
 * A sum over ranks that training steps make.
 *
 * @param bytes that each rank contributes
 * @param perStep how many there are in a step; a fraction if only some steps have one
 * @param ranks that take part; {@link #ALL} for all
 */
public record AllReduce(long bytes, double perStep, int ranks) {
    /** Whatever the number of ranks. */
    public static final int ALL = 0;

    /** One in each step, over all ranks. */
    public static AllReduce ofAll(long bytes) {
        return new AllReduce(bytes, 1, ALL);
    }

    /** How many take part of {@code all}. */
    public int ranksOf(int all) {
        return ranks == ALL ? all : ranks;
    }

    /** Bytes that a rank contributes in a step, on average over steps. */
    public double bytesPerStep() {
        return bytes * perStep;
    }
}
