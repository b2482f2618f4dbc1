package org.mlhpc.roofline;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * FLOP done and bytes moved over the same interval.
 *
 * @param flop floating-point operations, two per multiply-add
 * @param bytes bytes by channel; a channel that was not measured has no entry
 */
public record Work(double flop, Map<Channel, Double> bytes) {
    public Work {
        var copy = new EnumMap<Channel, Double>(Channel.class);
        copy.putAll(bytes);
        bytes = Collections.unmodifiableMap(copy);
    }

    /** Whether the traffic of {@code channel} is known. */
    public boolean measured(Channel channel) {
        return bytes.containsKey(channel);
    }
}
