package org.mlhpc.roofline.predict;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.mlhpc.roofline.ceilings.Origin;

/**
 * The network between ranks.
 *
 * @param latency seconds of a short message, one way
 * @param busRates bytes per second on the bus of an all-reduce by its size in bytes, latency taken out; between sizes times
 *     are interpolated, below the smallest and above the largest the rate stays
 * @param origin between which ranks it was measured; empty if that was not recorded
 */
public record Network(double latency, NavigableMap<Long, Double> busRates, Optional<Origin> origin) {
    public Network {
        if (busRates.isEmpty()) {
            throw new IllegalArgumentException("no all-reduce was measured");
        }
        busRates = Collections.unmodifiableNavigableMap(new TreeMap<>(busRates));
    }

    /** The same rate at every size. */
    public static Network of(double latency, double bytesPerSecond) {
        return new Network(latency, new TreeMap<>(Map.of(1L, bytesPerSecond)), Optional.empty());
    }

    /** The same with what is known of its measurement. */
    public Network measured(Origin where) {
        return new Network(latency, busRates, Optional.of(where));
    }

    /** Rate of the largest vectors. */
    public double bytesPerSecond() {
        return busRates.lastEntry().getValue();
    }

    /**
     * Seconds of an all-reduce of {@code bytes} by recursive halving and doubling: 2 log2(n) messages, and 2 (n - 1) / n of
     * the vector over each rank's link (Thakur, Rabenseifner and Gropp, "Optimization of Collective Communication
     * Operations in MPICH", 2005, section 4.5; the reduction's arithmetic is part of the measured rate).
     */
    public double allReduce(double bytes, int ranks) {
        return latencies(ranks) * latency + 2.0 * (ranks - 1) / ranks * secondsOnBus(bytes);
    }

    /** Messages that an all-reduce among {@code ranks} has to wait for, one after the other. */
    static int latencies(int ranks) {
        return 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(ranks - 1));
    }

    private double secondsOnBus(double bytes) {
        Map.Entry<Long, Double> below = busRates.floorEntry((long) bytes);
        Map.Entry<Long, Double> above = busRates.higherEntry((long) bytes);
        if (below == null || above == null) {
            return bytes / (below == null ? busRates.firstEntry() : below).getValue();
        }
        double low = below.getKey() / below.getValue();
        double high = above.getKey() / above.getValue();
        double share = (bytes - below.getKey()) / (above.getKey() - below.getKey());
        return low + share * (high - low);
    }

    Network times(double latencyFactor, double rateFactor) {
        var scaled = new TreeMap<Long, Double>();
        busRates.forEach((bytes, rate) -> scaled.put(bytes, rate * rateFactor));
        return new Network(latency * latencyFactor, scaled, origin);
    }
}
