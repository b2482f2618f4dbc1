package org.mlhpc.torch;

/** Seeds of the engine's generator for parts of a run, unrelated however alike the parts are. */
final class RandomState {
    /** The golden ratio, as in SplittableRandom. */
    private static final long STRIDE = 0x9E3779B97F4A7C15L;

    private RandomState() {}

    /**
     * For one step of one rank.
     *
     * @param step from 0
     */
    static long of(long seed, int rank, int epoch, long step) {
        long state = seed;
        for (long part : new long[] {rank, epoch, step}) {
            state = mixed(state + (part + 1) * STRIDE);
        }
        return state;
    }

    /** David Stafford's variant 13 of MurmurHash3's finalizer, as in SplittableRandom; the engine's generator keeps 32 bits. */
    private static long mixed(long bits) {
        long mixed = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
