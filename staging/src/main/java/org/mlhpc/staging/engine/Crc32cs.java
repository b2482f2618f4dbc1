package org.mlhpc.staging.engine;

/**
 * The CRC-32C of a file from those of its segments, so that several threads can read one file. Polynomials over GF(2)
 * modulo Castagnoli's, lowest power in the highest bit: appending n bytes multiplies a checksum by x^(8n).
 */
final class Crc32cs {
    private static final int POLYNOMIAL = 0x82f63b78;
    private static final int ONE = 1 << 31;
    private static final int X_TO_THE_8 = ONE >>> 8;

    private Crc32cs() {}

    /** Checksum of a content from that of its beginning and that of its last {@code endBytes}. */
    static long combine(long beginning, long end, long endBytes) {
        int shifted = product(power(endBytes), (int) beginning);
        return Integer.toUnsignedLong(shifted ^ (int) end);
    }

    /** x^(8 bytes), by repeated squaring. */
    private static int power(long bytes) {
        int power = ONE;
        int square = X_TO_THE_8;
        for (long rest = bytes; rest > 0; rest >>= 1) {
            if ((rest & 1) != 0) {
                power = product(square, power);
            }
            square = product(square, square);
        }
        return power;
    }

    private static int product(int a, int b) {
        int sum = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                sum ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
        }
        return sum;
    }
}
