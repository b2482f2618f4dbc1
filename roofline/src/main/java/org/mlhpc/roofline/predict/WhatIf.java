package org.mlhpc.roofline.predict;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A change of a cluster: factors of what it has, and a slower tier of memory. */
public record WhatIf(Map<Part, Double> factors) {
    /** What can be changed. */
    public enum Part {
        COMPUTE,
        MEMORY,
        STORAGE,
        SHARED,
        NETWORK,
        LATENCY,
        MEMORY_CAPACITY,
        LOCAL_CAPACITY,
        /** Share of memory traffic that goes to a slower tier, from 0 to 1. */
        FAR_SHARE,
        /** Bandwidth of that tier by that of main memory. */
        FAR_MEMORY,
        /** Latency of that tier by that of main memory. */
        FAR_LATENCY;

        /** As on the command line: {@code memory-capacity}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @throws IllegalArgumentException if there is none of this name; the message lists those there are */
        public static Part of(String word) {
            return Arrays.stream(values())
                    .filter(part -> part.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'" + word + "' cannot be changed; choose one of "
                            + Arrays.stream(values()).map(Part::word).collect(Collectors.joining(", "))));
        }
    }

    public WhatIf {
        factors = Map.copyOf(factors);
        factors.forEach((part, factor) -> {
            if (part != Part.FAR_SHARE && (!(factor > 0) || Double.isInfinite(factor))) {
                throw new IllegalArgumentException(
                        "a factor of " + factor + " for " + part.word() + " is not positive");
            }
        });
        double share = factors.getOrDefault(Part.FAR_SHARE, 0.0);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("far-share=" + share + " is a share of the memory traffic, from 0 to 1");
        }
        boolean far = factors.containsKey(Part.FAR_MEMORY) || factors.containsKey(Part.FAR_LATENCY);
        if (far && !factors.containsKey(Part.FAR_SHARE)) {
            throw new IllegalArgumentException(
                    "far-memory and far-latency need far-share, the share of the memory traffic"
                            + " that goes there, such as far-share=0.3");
        }
    }

    private double factor(Part part) {
        return factors.getOrDefault(part, 1.0);
    }

    public Cluster applyTo(Cluster cluster) {
        Optional<Network> network =
                cluster.network().map(known -> known.times(factor(Part.LATENCY), factor(Part.NETWORK)));
        RateByThreads memory = cluster.memory().times(factor(Part.MEMORY));
        return new Cluster(
                factors.isEmpty() ? cluster.name() : cluster.name() + " with " + inWords(),
                cluster.processors(),
                cluster.cores(),
                cluster.compute().times(factor(Part.COMPUTE)),
                factors.containsKey(Part.FAR_SHARE)
                        ? memory.withFar(factor(Part.FAR_SHARE), factor(Part.FAR_MEMORY), factor(Part.FAR_LATENCY))
                        : memory,
                cluster.storage() * factor(Part.STORAGE),
                cluster.storageWrite() * factor(Part.STORAGE),
                shared(cluster),
                network,
                cluster.memoryBytes().map(bytes -> bytes * factor(Part.MEMORY_CAPACITY)),
                cluster.local().map(own -> own.times(factor(Part.LOCAL_CAPACITY), factor(Part.STORAGE))));
    }

    /** Where no rate was given for all nodes together, it is that of one node, and changes with that. */
    private Optional<Double> shared(Cluster cluster) {
        return cluster.shared().isEmpty() && !factors.containsKey(Part.SHARED)
                ? Optional.empty()
                : Optional.of(cluster.shared().orElse(cluster.storage() * factor(Part.STORAGE)) * factor(Part.SHARED));
    }

    private String inWords() {
        return Arrays.stream(Part.values())
                .filter(factors::containsKey)
                .map(part -> String.format(
                        Locale.ROOT, part == Part.FAR_SHARE ? "%s %.4g" : "%s x %.4g", part.word(), factor(part)))
                .collect(Collectors.joining(", "));
    }
}
