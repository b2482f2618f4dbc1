package org.mlhpc.roofline.predict;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A rate that some threads of a node reach together. Between measured numbers of threads it is interpolated, below the
 * smallest it is proportional, and above the largest no more is assumed than was measured.
 *
 * @param byThreads per second
 */
public record RateByThreads(NavigableMap<Integer, Double> byThreads) {
    public RateByThreads {
        if (byThreads.isEmpty()) {
            throw new IllegalArgumentException("no rate was measured");
        }
        byThreads = Collections.unmodifiableNavigableMap(new TreeMap<>(byThreads));
    }

    double at(int threads) {
        Map.Entry<Integer, Double> below = byThreads.floorEntry(threads);
        Map.Entry<Integer, Double> above = byThreads.ceilingEntry(threads);
        if (above == null) {
            return byThreads.lastEntry().getValue();
        }
        if (below == null) {
            return above.getValue() * threads / above.getKey();
        }
        if (below.getKey().equals(above.getKey())) {
            return below.getValue();
        }
        double share = (double) (threads - below.getKey()) / (above.getKey() - below.getKey());
        return below.getValue() + share * (above.getValue() - below.getValue());
    }

    RateByThreads times(double factor) {
        var scaled = new TreeMap<Integer, Double>();
        byThreads.forEach((threads, rate) -> scaled.put(threads, rate * factor));
        return new RateByThreads(scaled);
    }
}
