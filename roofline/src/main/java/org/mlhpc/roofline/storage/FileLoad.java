package org.mlhpc.roofline.storage;

/**
 * A stream of requests of equal size to one file.
 *
 * @param direct past the page cache
 * @param threads that each wait for one request at a time, as fio's {@code psync} jobs
 */
public record FileLoad(boolean write, boolean random, boolean direct, int blockBytes, int threads) {
    private static final int LARGE = 1 << 20;
    private static final int SMALL = 1 << 12;

    /** Large requests in order; each thread has a part of the file. */
    public static FileLoad sequential(boolean write, boolean direct, int threads) {
        return new FileLoad(write, false, direct, LARGE, threads);
    }

    /** Requests of a page anywhere. */
    public static FileLoad random(boolean write, boolean direct, int threads) {
        return new FileLoad(write, true, direct, SMALL, threads);
    }

    /** {@code sequential read} and the like. */
    public String operation() {
        return (random ? "random " : "sequential ") + (write ? "write" : "read");
    }

    /** {@code direct} or {@code cached}. */
    public String level() {
        return direct ? "direct" : "cached";
    }
}
