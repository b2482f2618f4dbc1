package org.mlhpc.roofline.gpu;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Theoretical peaks from what the driver says of a device; empty where it says too little or the device is unknown. Multiply-adds by clock
 * and streaming multiprocessor are those of the CUDA programming guide (throughput of native arithmetic instructions) and, for matrix units,
 * of NVIDIA's papers on the architectures: dense rate by number of multiprocessors and boost clock.
 */
public final class GpuPeaks {
    /** Data words per cycle of the memory clock that drivers report, as in NVIDIA's formula (developer blog, How to Query Device Properties). */
    private static final int DATA_RATE = 2;

    private static final int BITS_PER_BYTE = 8;
    private static final int FLOP = 2;

    /** By compute capability times ten; a capability that is not listed is like the last before it of the same major version. */
    private static final Map<String, NavigableMap<Integer, Integer>> LOOPS = Map.of(
            "fp64", table(70, 32, 75, 2, 80, 32, 86, 2, 90, 64, 100, 64, 103, 2, 120, 2),
            "fp32", table(70, 64, 75, 64, 80, 64, 86, 128, 90, 128, 100, 128, 120, 128),
            "fp16", table(70, 128, 75, 128, 80, 256, 86, 128, 90, 256, 120, 128),
            "bf16", table(80, 128, 86, 128, 90, 256, 120, 128));

    /** Of the fastest product of each generation: boards for workstations, of which those for games may have half. */
    private static final Map<String, NavigableMap<Integer, Integer>> MATRIX = Map.of(
            "fp64", table(80, 64, 86, 2, 90, 128, 100, 64, 103, 2),
            "tf32", table(80, 512, 86, 256, 90, 1024, 100, 2048),
            "fp16", table(70, 512, 75, 512, 80, 1024, 86, 512, 90, 2048, 100, 4096),
            "bf16", table(80, 1024, 86, 512, 90, 2048, 100, 4096));

    private static final int TEN = 10;

    private GpuPeaks() {}

    private static NavigableMap<Integer, Integer> table(int... pairs) {
        var table = new TreeMap<Integer, Integer>();
        for (int i = 0; i < pairs.length; i += 2) {
            table.put(pairs[i], pairs[i + 1]);
        }
        return table;
    }

    /** Multiply-adds of all lanes, in FLOP/s. */
    public static Optional<Double> loop(GpuDevice device, String precision) {
        return flop(LOOPS.get(precision), device);
    }

    /** Matrix units, dense, sums in fp32 (of fp64 in fp64), in FLOP/s. */
    public static Optional<Double> matrix(GpuDevice device, String precision) {
        return flop(MATRIX.get(precision), device);
    }

    private static Optional<Double> flop(@Nullable NavigableMap<Integer, Integer> table, GpuDevice device) {
        return Optional.ofNullable(table)
                .map(known -> known.floorEntry(device.capability()))
                .filter(entry -> entry.getKey() / TEN == device.capability() / TEN)
                .map(entry -> (double) FLOP * entry.getValue() * device.processors() * device.clockHertz())
                .filter(peak -> peak > 0);
    }

    /** Of the device's memory, in B/s. */
    public static Optional<Double> memory(GpuDevice device) {
        double peak = DATA_RATE * device.memoryClockHertz() * device.memoryBusBits() / BITS_PER_BYTE;
        return Optional.of(peak).filter(value -> value > 0);
    }
}
