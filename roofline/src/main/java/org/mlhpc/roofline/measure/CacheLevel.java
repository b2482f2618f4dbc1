package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A data cache of the first processor.
 *
 * @param bytes of one cache
 * @param sharedBy processors that share it
 */
public record CacheLevel(int level, long bytes, int sharedBy) {
    private static final long KIBI = 1024;

    /**
     * Data and unified caches by level, as the kernel describes them; empty if it does not.
     *
     * @param folder {@code /sys/devices/system/cpu/cpu0/cache}
     */
    public static List<CacheLevel> in(Path folder) throws IOException {
        var levels = new ArrayList<CacheLevel>();
        if (!Files.isDirectory(folder)) {
            return levels;
        }
        try (DirectoryStream<Path> caches = Files.newDirectoryStream(folder, "index*")) {
            for (Path cache : caches) {
                read(cache).ifPresent(levels::add);
            }
        }
        levels.sort(Comparator.comparingInt(CacheLevel::level));
        return levels;
    }

    private static Optional<CacheLevel> read(Path cache) throws IOException {
        // Some virtual machines describe caches without their size.
        if (text(cache, "type").equals("Instruction") || !Files.isReadable(cache.resolve("size"))) {
            return Optional.empty();
        }
        return Optional.of(new CacheLevel(
                Integer.parseInt(text(cache, "level")),
                parseSize(text(cache, "size")),
                members(text(cache, "shared_cpu_list")).size()));
    }

    private static String text(Path cache, String name) throws IOException {
        return Files.readString(cache.resolve(name)).strip();
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

    /**
     * Members of a list such as {@code 0-3,8}.
     *
     * @throws IOException if it is none
     */
    static List<Integer> members(String list) throws IOException {
        var members = new ArrayList<Integer>();
        try {
            for (String range : list.split(",", -1)) {
                String[] ends = range.split("-", -1);
                IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                        .forEach(members::add);
            }
        } catch (NumberFormatException e) {
            throw new IOException("the kernel gives a list of processors as '" + list + "'", e);
        }
        return members;
    }
}
