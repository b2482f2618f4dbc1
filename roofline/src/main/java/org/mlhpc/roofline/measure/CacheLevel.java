package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The data caches of one level that some processors have.
 *
 * @param bytes of one cache, that of the first processor
 * @param sharedBy the most of these processors that share one
 * @param caches that they have together
 */
public record CacheLevel(int level, long bytes, int sharedBy, int caches) {
    private static final long KIBI = 1024;

    /** A cache as the folder of one processor describes it; {@code members} are all that share it. */
    private record Cache(int level, long bytes, String members) {}

    /**
     * Data and unified caches of {@code processors} by level, as the kernel describes them; empty if it does not.
     *
     * @param devices {@code /sys/devices/system/cpu}
     */
    public static List<CacheLevel> of(Collection<Integer> processors, Path devices) throws IOException {
        var levels = new TreeMap<Integer, List<Cache>>();
        for (int processor : processors) {
            for (Cache cache : in(devices.resolve("cpu" + processor + "/cache"))) {
                levels.computeIfAbsent(cache.level, level -> new ArrayList<>()).add(cache);
            }
        }
        return levels.values().stream().map(CacheLevel::of).toList();
    }

    private static CacheLevel of(List<Cache> ofProcessors) {
        Map<String, Integer> sharing =
                ofProcessors.stream().collect(Collectors.toMap(Cache::members, cache -> 1, Integer::sum));
        Cache first = ofProcessors.get(0);
        return new CacheLevel(first.level, first.bytes, Collections.max(sharing.values()), sharing.size());
    }

    private static List<Cache> in(Path folder) throws IOException {
        var caches = new ArrayList<Cache>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> described = Files.newDirectoryStream(folder, "index*")) {
                for (Path cache : described) {
                    read(cache).ifPresent(caches::add);
                }
            }
        }
        return caches;
    }

    private static Optional<Cache> read(Path cache) throws IOException {
        // Some virtual machines describe caches without their size.
        if (text(cache, "type").equals("Instruction") || !Files.isReadable(cache.resolve("size"))) {
            return Optional.empty();
        }
        return Optional.of(new Cache(
                Integer.parseInt(text(cache, "level")),
                parseSize(text(cache, "size")),
                text(cache, "shared_cpu_list")));
    }

    private static String text(Path cache, String name) throws IOException {
        return Files.readString(cache.resolve(name)).strip();
    }

    /** Bytes of all of them. */
    long bytesTogether() {
        return bytes * caches;
    }

    /**
     * Bytes of a size such as {@code 48K} or {@code 32M}.
     *
     * @throws IOException if it is none
     */
    static long parseSize(String size) throws IOException {
        String digits = size.replaceFirst("[KMG]$", "");
        String unit = size.substring(digits.length());
        try {
            long number = Long.parseLong(digits);
            return switch (unit) {
                case "K" -> number * KIBI;
                case "M" -> number * KIBI * KIBI;
                case "G" -> number * KIBI * KIBI * KIBI;
                default -> number;
            };
        } catch (NumberFormatException e) {
            throw new IOException("the kernel gives the size of a cache as '" + size + "'", e);
        }
    }
}
