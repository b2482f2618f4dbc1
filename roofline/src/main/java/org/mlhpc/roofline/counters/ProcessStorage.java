package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Bytes this process made storage devices read and write, by the kernel's account in {@code /proc/self/io}. Reads served
 * from the page cache do not count; on network file systems the kernel may not count at all.
 */
public final class ProcessStorage {
    private static final Path SELF = Path.of("/proc/self/io");
    private static final List<String> KEYS = List.of("read_bytes: ", "write_bytes: ");

    private final Path file;

    public ProcessStorage() {
        this(SELF);
    }

    ProcessStorage(Path file) {
        this.file = file;
    }

    /** Bytes since the process began; empty where the kernel does not tell. */
    public OptionalLong bytes() {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Bytes read since the process began; empty where the kernel does not tell. */
    public OptionalLong readBytes() {
        try {
            return parse(Files.readAllLines(file), KEYS.get(0));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static OptionalLong parse(List<String> lines) {
        long sum = 0;
        for (String key : KEYS) {
            OptionalLong value = parse(lines, key);
            if (value.isEmpty()) {
                return OptionalLong.empty();
            }
            sum += value.getAsLong();
        }
        return OptionalLong.of(sum);
    }

    private static OptionalLong parse(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.substring(key.length()).strip()))
                .findFirst();
    }
}
