package org.mlhpc.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.mlhpc.api.UsableMemory;

/** The part of a node's memory that can hold data: a folder on a file system in memory. */
final class NodeMemory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final List<String> TYPES = List.of("tmpfs", "ramfs");
    private static final long BYTES_PER_KIBIBYTE = 1024;
    /** The run needs memory too. */
    private static final int SHARE = 2;

    private NodeMemory() {}

    /** The destination, if it is in memory, else a folder of this user and data set; empty where there is no such place. */
    static Optional<Path> folderFor(Path source, Optional<Path> destination) throws IOException {
        if (destination.isPresent() && isInMemory(destination.get())) {
            return destination;
        } else if (!Files.isWritable(SHARED_MEMORY) || !isInMemory(SHARED_MEMORY)) {
            return Optional.empty();
        }
        var crc = new CRC32C();
        crc.update(source.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String name =
                String.format(Locale.ROOT, "mlhpc-%s-%08x", System.getProperty("user.name", "user"), crc.getValue());
        return Optional.of(SHARED_MEMORY.resolve(name));
    }

    private static boolean isInMemory(Path path) throws IOException {
        Path there = path;
        for (Path parent = path; parent != null && !Files.exists(there); parent = parent.getParent()) {
            there = parent;
        }
        return TYPES.contains(Files.getFileStore(there).type());
    }

    /** Half of what is available to this process; empty where the kernel does not tell. */
    static OptionalLong budget() {
        return budget(Path.of("/"), System.getenv());
    }

    /** @param root of the kernel's files */
    static OptionalLong budget(Path root, Map<String, String> environment) {
        try {
            for (String line : Files.readAllLines(root.resolve("proc/meminfo"))) {
                if (line.startsWith("MemAvailable:")) {
                    long available = Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIBIBYTE;
                    // What a job puts into the node's memory counts as memory of the job.
                    return OptionalLong.of(
                            UsableMemory.of(available, root, environment).bytes() / SHARE);
                }
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
