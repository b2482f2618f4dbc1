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
import org.mlhpc.roofline.kernels.NativeKernels;

/** Reads, copies and triads within each level of the memory hierarchy. */
final class MemorySteps {
    static final String DRAM = "DRAM";

    private static final String FIRST = "L1";

    /** Of a cache: room for what else is in it. */
    private static final int SHARE_OF_CACHE = 2;
    /** STREAM asks for arrays of four times the last cache each; these are of all arrays together. */
    private static final int TIMES_LAST_CACHE = 12;

    private static final long LEAST_DRAM_BYTES = 384L << 20;
    private static final int SHARE_OF_MEMORY = 4;
    private static final int WIDEST_VECTOR = 64;

    private final Loops loops;
    private final Processors processors;
    private final Peaks peaks;

    private MemorySteps(Loops loops, Processors processors, Peaks peaks) {
        this.loops = loops;
        this.processors = processors;
        this.peaks = peaks;
    }

    static List<Step> of(Loops loops, List<CacheLevel> caches, Processors processors, long memoryBytes, Peaks peaks) {
        return new MemorySteps(loops, processors, peaks).steps(caches, memoryBytes);
    }

    private List<Step> steps(List<CacheLevel> caches, long memoryBytes) {
        var steps = new ArrayList<Step>();
        for (int threads : processors.steps()) {
            boolean ends = processors.fewAndAll().contains(threads);
            workingSets(caches, threads, memoryBytes).forEach((level, bytes) -> {
                // What a core has for itself grows with the cores; what they share does not.
                if (ends || isShared(level, caches)) {
                    for (String operation : List.of("read", "copy", "triad")) {
                        steps.add(step(level, operation, bytes, threads));
                    }
                }
            });
        }
        return steps;
    }

    /** How it is timed. */
    static String condition(Effort effort) {
        return "memory: " + effort.iterations() + " iterations of " + effort.iterationMillis()
                + " ms after warming up; medians and quartiles are over them";
    }

    private static boolean isShared(String level, List<CacheLevel> caches) {
        int last = caches.stream().mapToInt(CacheLevel::level).max().orElse(0);
        return level.equals(DRAM) || level.equals("L" + last);
    }

    /**
     * Bytes of each thread's arrays by level: half of its share of the cache, if that does not fit into the level below; for
     * DRAM much more than all caches together, as far as a quarter of the memory allows.
     *
     * @param memoryBytes that may be used; 0 if unknown
     */
    static Map<String, Long> workingSets(List<CacheLevel> caches, int threads, long memoryBytes) {
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
                .map(CacheLevel::bytesTogether)
                .orElse(0L);
        long all = Math.max(LEAST_DRAM_BYTES, TIMES_LAST_CACHE * inCaches);
        sets.put(DRAM, (memoryBytes == 0 ? all : Math.min(all, memoryBytes / SHARE_OF_MEMORY)) / threads);
        return sets;
    }

    private Step step(String level, String operation, long bytes, int threads) {
        String label = level + " " + operation + ", " + Step.threads(threads);
        return new Step(Resource.MEMORY, label, findings -> {
            Loops.Measurement measurement = () -> fastest(level, operation, bytes, threads);
            // Other levels have no peak by the clock.
            double[] rates = level.equals(FIRST) ? loops.clocked(threads, measurement) : measurement.rates();
            findings.add(MeasuredCeiling.of(
                    Resource.MEMORY,
                    level,
                    operation,
                    "",
                    threads,
                    Resource.MEMORY.unit(),
                    Spread.of(rates),
                    level.equals(DRAM) ? peaks.memory() : firstLevelPeak(level, operation, threads)));
        });
    }

    private Optional<Double> firstLevelPeak(String level, String operation, int threads) {
        return level.equals(FIRST)
                ? loops.clockHertz(threads)
                        .map(hertz -> Math.min(threads, processors.cores())
                                * hertz
                                * bytesPerCycle(operation, NativeKernels.vectorBytes()))
                : Optional.empty();
    }

    /**
     * Bytes that a core can move between registers and its first cache in a cycle: with vectors of 64 bytes two loads and one
     * store, with narrower ones three and two, the most that x86 and Arm server cores have had so far. Of triads, with two loads
     * and one store each, loads allow one and a half a cycle where there are three.
     */
    static double bytesPerCycle(String operation, int vectorBytes) {
        double loads = vectorBytes == WIDEST_VECTOR ? 2 : 3;
        double stores = loads - 1;
        double vectors =
                switch (operation) {
                    case "read" -> loads;
                    case "copy" -> 2 * Math.min(loads, stores);
                    case "triad" -> 3 * Math.min(loads / 2, stores);
                    default -> throw new IllegalArgumentException(operation);
                };
        return vectors * vectorBytes;
    }

    /** Whether it pays to store past the caches depends on the processor and the number of threads. */
    private double[] fastest(String level, String operation, long bytes, int threads) throws IOException {
        String name = operation.toUpperCase(Locale.ROOT);
        double[] plain = loops.runs().bytesPerSecond(Kernel.valueOf(name), bytes, threads);
        if (!level.equals(DRAM) || operation.equals("read") || !loops.runs().isNative()) {
            return plain;
        }
        double[] streamed = loops.runs().bytesPerSecond(Kernel.valueOf(name + "_STREAM"), bytes, threads);
        return Spread.of(streamed).median() > Spread.of(plain).median() ? streamed : plain;
    }
}
