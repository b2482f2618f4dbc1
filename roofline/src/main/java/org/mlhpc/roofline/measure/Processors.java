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
    static final Path DEVICES = Path.of("/sys/devices/system/cpu");

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
            return new Processors(logical, Math.min(logical, cores(allowedToThisProcess(), DEVICES)));
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return new Processors(logical, logical);
        }
    }

    /** Numbers of those that this process may use; some may be offline. */
    static List<Integer> allowedToThisProcess() throws IOException {
        return allowed(Files.readAllLines(STATUS));
    }

    /** @param status lines of {@code /proc/self/status} */
    static List<Integer> allowed(List<String> status) throws IOException {
        return ProcessorList.members(status.stream()
                .filter(line -> line.startsWith(ALLOWED))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + ALLOWED))
                .substring(ALLOWED.length())
                .strip());
    }

    /**
     * Cores of the processors among {@code allowed} that are there: the affinity of a process may name others, offline or not
     * plugged in, which the kernel describes nowhere.
     *
     * @param devices {@code /sys/devices/system/cpu}
     * @throws IOException if none is described
     */
    static int cores(List<Integer> allowed, Path devices) throws IOException {
        var cores = new TreeSet<String>();
        for (int processor : allowed) {
            Path siblings = devices.resolve("cpu" + processor + "/topology/thread_siblings_list");
            if (Files.exists(siblings)) {
                cores.add(Files.readString(siblings).strip());
            }
        }
        if (cores.isEmpty()) {
            throw new IOException(devices + " does not tell the cores of processors " + allowed);
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
