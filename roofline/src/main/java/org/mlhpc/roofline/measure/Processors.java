package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Processors that may be used.
 *
 * @param logical as the kernel counts them
 * @param cores that they belong to: the multiply-add units are those of cores
 */
public record Processors(int logical, int cores) {
    private static final Path DEVICES = Path.of("/sys/devices/system/cpu");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    public Processors {
        if (cores < 1 || logical < cores) {
            throw new IllegalArgumentException(logical + " processors cannot belong to " + cores + " cores");
        }
    }

    /** Those of this process; each is taken for a core of its own where the kernel does not tell. */
    public static Processors ofThisProcess() {
        int logical = Runtime.getRuntime().availableProcessors();
        try {
            return new Processors(logical, Math.min(logical, cores(Files.readAllLines(STATUS), DEVICES)));
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return new Processors(logical, logical);
        }
    }

    /**
     * Cores of the processors that a process may use.
     *
     * @param status lines of {@code /proc/self/status}
     * @param devices {@code /sys/devices/system/cpu}
     */
    static int cores(List<String> status, Path devices) throws IOException {
        String allowed = status.stream()
                .filter(line -> line.startsWith(ALLOWED))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + ALLOWED))
                .substring(ALLOWED.length())
                .strip();
        var cores = new TreeSet<String>();
        for (int processor : CacheLevel.members(allowed)) {
            cores.add(Files.readString(devices.resolve("cpu" + processor + "/topology/thread_siblings_list"))
                    .strip());
        }
        return cores.size();
    }

    /** One, and all. */
    List<Integer> fewAndAll() {
        return logical == 1 ? List.of(1) : List.of(1, logical);
    }

    /** Powers of two, one for each core, and all. */
    List<Integer> steps() {
        var counts = new TreeSet<Integer>(List.of(cores, logical));
        IntStream.iterate(1, count -> count < logical, count -> 2 * count).forEach(counts::add);
        return List.copyOf(counts);
    }
}
