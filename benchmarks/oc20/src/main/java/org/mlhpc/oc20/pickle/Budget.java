package org.mlhpc.oc20.pickle;

/**
 * What reading one record may take, in all pickles within it together. Memory is a few times the length of the record, and
 * work is limited.
 */
final class Budget {
    /** A graph takes some hundred. */
    private static final int MAX_INSTRUCTIONS = 1_000_000;
    /** Elements of one byte become numbers of eight, and their bytes may have been text before. */
    private static final int BYTES_PER_BYTE = 16;
    /** For numbers that short records make of several names for one memory. */
    private static final int LEAST_BYTES = 1 << 16;

    private final long maxBytes;
    private int instructions;
    private long bytes;

    /** @param length of the record in bytes */
    Budget(int length) {
        maxBytes = Math.max(LEAST_BYTES, (long) BYTES_PER_BYTE * length);
    }

    /** Counts one instruction. */
    void instruction() throws PickleException {
        if (++instructions > MAX_INSTRUCTIONS) {
            throw new PickleException("more than " + MAX_INSTRUCTIONS + " instructions");
        }
    }

    /** Counts memory that is taken, or that will be when a tensor's values are asked for. */
    void make(long count) throws PickleException {
        bytes += count;
        if (bytes > maxBytes) {
            throw new PickleException("the values of the record would take more than " + maxBytes + " bytes");
        }
    }
}
