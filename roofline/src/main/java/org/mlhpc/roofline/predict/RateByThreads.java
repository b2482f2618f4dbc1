package org.mlhpc.roofline.predict;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

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

    /** Per second with {@code threads}. */
    public double at(int threads) {
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
        return changed(rate -> rate * factor);
    }

    /**
     * The rate of main memory if a share of all traffic goes to a slower tier. Time adds up: (1 - share) / near + share /
     * far. Far memory gives all threads together {@code bandwidth} of what near memory gives them at most, and a thread no
     * more than 1 / {@code latency} of what it gets from near memory, since it waits for as many cache lines at once (Little's
     * law: bytes under way = rate x latency).
     */
    RateByThreads withFar(double share, double bandwidth, double latency) {
        double most = byThreads.values().stream().max(Double::compare).orElseThrow();
        return changed(near -> {
            double far = Math.min(bandwidth * most, near / latency);
            return 1 / ((1 - share) / near + share / far);
        });
    }

    private RateByThreads changed(DoubleUnaryOperator change) {
        var changed = new TreeMap<Integer, Double>();
        byThreads.forEach((threads, rate) -> changed.put(threads, change.applyAsDouble(rate)));
        return new RateByThreads(changed);
    }
}
