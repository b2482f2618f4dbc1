package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.kernels.Kernel;

/** Reads, copies and triads within each level of the memory hierarchy. */
final class MemorySteps {
    static final String DRAM = "DRAM";

    /** Of a cache: room for what else is in it. */
    private static final int SHARE_OF_CACHE = 2;
    /** STREAM asks for arrays of four times the last cache each; these are of all arrays together. */
    private static final int TIMES_LAST_CACHE = 12;

    private static final long LEAST_DRAM_BYTES = 384L << 20;
    private static final int SHARE_OF_MEMORY = 4;

    private MemorySteps() {}

    static List<Step> of(Loops loops, List<CacheLevel> caches, int cores, long memoryBytes) {
        var steps = new ArrayList<Step>();
        for (int threads : threadCounts(cores)) {
            workingSets(caches, threads, cores, memoryBytes).forEach((level, bytes) -> {
                for (String operation : List.of("read", "copy", "triad")) {
                    steps.add(step(loops, level, operation, bytes, threads));
                }
            });
        }
        return steps;
    }

    /** One, and all. */
    static List<Integer> threadCounts(int cores) {
        return cores == 1 ? List.of(1) : List.of(1, cores);
    }

    /**
     * Bytes of each thread's arrays by level: half of its share of the cache, if that does not fit into the level below; for
     * DRAM much more than all caches together, as far as a quarter of the memory allows.
     *
     * @param memoryBytes of the node; 0 if unknown
     */
    static Map<String, Long> workingSets(List<CacheLevel> caches, int threads, int cores, long memoryBytes) {
        var sets = new LinkedHashMap<String, Long>();
        long below = 0;
        for (CacheLevel cache : caches) {
            long share = cache.bytes() / Math.min(threads, cache.sharedBy()) / SHARE_OF_CACHE;
            if (share > below) {
                sets.put("L" + cache.level(), share);
            }
            below = cache.bytes() / cache.sharedBy();
        }
        long inCaches = caches.stream()
                .max(Comparator.comparingInt(CacheLevel::level))
                .map(last -> last.bytes() * Math.max(1, cores / last.sharedBy()))
                .orElse(0L);
        long all = Math.max(LEAST_DRAM_BYTES, TIMES_LAST_CACHE * inCaches);
        sets.put(DRAM, (memoryBytes == 0 ? all : Math.min(all, memoryBytes / SHARE_OF_MEMORY)) / threads);
        return sets;
    }

    private static Step step(Loops loops, String level, String operation, long bytes, int threads) {
        String label = level + " " + operation + ", " + Step.threads(threads);
        return new Step(label, findings -> {
            double[] rates = fastest(loops, level, operation, bytes, threads);
            findings.add(MeasuredCeiling.of(
                    Resource.MEMORY,
                    level,
                    operation,
                    "",
                    threads,
                    Resource.MEMORY.unit(),
                    Spread.of(rates),
                    Optional.empty()));
        });
    }

    /** Whether it pays to store past the caches depends on the processor and the number of threads. */
    private static double[] fastest(Loops loops, String level, String operation, long bytes, int threads)
            throws IOException {
        String name = operation.toUpperCase(Locale.ROOT);
        double[] plain = loops.runs().bytesPerSecond(Kernel.valueOf(name), bytes, threads);
        if (!level.equals(DRAM) || operation.equals("read") || !loops.runs().isNative()) {
            return plain;
        }
        double[] streamed = loops.runs().bytesPerSecond(Kernel.valueOf(name + "_STREAM"), bytes, threads);
        return Spread.of(streamed).median() > Spread.of(plain).median() ? streamed : plain;
    }
}
