package org.mlhpc.roofline.counters;

import java.util.OptionalDouble;

/**
 * What a counter came to.
 *
 * @param amount since it was opened, in the unit of its quantity; empty if it is not known
 * @param reason why it is not known; empty if it is
 */
public record Tally(OptionalDouble amount, String reason) {
    public static Tally of(double amount) {
        return new Tally(OptionalDouble.of(amount), "");
    }

    public static Tally unknown(String reason) {
        return new Tally(OptionalDouble.empty(), reason);
    }
}
