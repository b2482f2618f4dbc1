package org.mlhpc.roofline.counters;

import java.util.OptionalLong;

/**
 * A value of a counter that only grows, until it wraps around.
 *
 * @param key which register
 * @param range number of values it takes before it is 0 again; 0 if that is not known
 * @param secondsToWrap shortest time in which it can take all of them; infinite if that is not known
 */
record Register(String key, long value, long range, double secondsToWrap) {
    private static final long RANGE_OF_32_BITS = 1L << Integer.SIZE;

    /** A register of 64 bits, or of 32 on older hardware and drivers, which only shows when it wraps around. */
    static Register ofWords(String key, long value) {
        return new Register(key, value, 0, Double.POSITIVE_INFINITY);
    }

    /** How much was counted since {@code before}, assuming at most one wrap; empty if the register was reset. */
    OptionalLong since(Register before) {
        if (value >= before.value) {
            return OptionalLong.of(value - before.value);
        }
        if (range > 0) {
            return OptionalLong.of(value + range - before.value);
        }
        // A register that was small and is smaller now was set back rather than filled: it would have had to count on
        // through more than half of its range.
        return before.value < RANGE_OF_32_BITS && before.value >= RANGE_OF_32_BITS / 2
                ? OptionalLong.of(value + RANGE_OF_32_BITS - before.value)
                : OptionalLong.empty();
    }
}
