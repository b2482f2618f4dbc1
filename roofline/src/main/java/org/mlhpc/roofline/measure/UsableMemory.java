package org.mlhpc.roofline.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Memory that this process may use: the node's, or less in a job or a container.
 *
 * @param bytes 0 if unknown
 * @param limit what allows no more; empty if the node has no more
 */
public record UsableMemory(long bytes, String limit) {
    private static final long BYTES_PER_MEBIBYTE = 1 << 20;
    private static final double BYTES_PER_GIBIBYTE = 1 << 30;

    private static final String SLURM_PER_NODE = "SLURM_MEM_PER_NODE";
    private static final String SLURM_PER_PROCESSOR = "SLURM_MEM_PER_CPU";

    /** @param nodeBytes memory of the node; 0 if unknown */
    public static UsableMemory ofThisProcess(long nodeBytes) {
        return of(nodeBytes, Path.of("/"), System.getenv());
    }

    /**
     * The least of the node's memory, the limits of the control groups that the process is in, and what Slurm gives the job.
     *
     * @param root of the kernel's files
     */
    static UsableMemory of(long nodeBytes, Path root, Map<String, String> environment) {
        long most = nodeBytes > 0 ? nodeBytes : Long.MAX_VALUE;
        return Stream.concat(ofGroups(root), ofSlurm(environment).stream())
                .filter(memory -> memory.bytes > 0 && memory.bytes < most)
                .min(Comparator.comparingLong(UsableMemory::bytes))
                .orElse(new UsableMemory(nodeBytes, ""));
    }

    /** Of lines such as {@code 0::/job} and, of version 1, {@code 4:memory:/job}. */
    private static Stream<UsableMemory> ofGroups(Path root) {
        var limits = new ArrayList<UsableMemory>();
        Path groups = root.resolve("sys/fs/cgroup");
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[1].isEmpty()) {
                // Where both versions are in use, this one is in a folder of its own.
                limits.addAll(upwards(groups, fields[2], "memory.max"));
                limits.addAll(upwards(groups.resolve("unified"), fields[2], "memory.max"));
            } else if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains("memory")) {
                limits.addAll(upwards(groups.resolve("memory"), fields[2], "memory.limit_in_bytes"));
            }
        }
        return limits.stream();
    }

    /** A group has no more than those above it. In a container the folders in between may be missing. */
    private static List<UsableMemory> upwards(Path mount, String group, String name) {
        var limits = new ArrayList<UsableMemory>();
        Path own = mount.resolve(group.replaceFirst("^/+", "")).normalize();
        Path folder = own.startsWith(mount) ? own : mount;
        while (folder != null && folder.startsWith(mount)) {
            Path file = folder.resolve(name);
            lines(file).stream()
                    .flatMap(line -> number(line).stream())
                    .forEach(bytes -> limits.add(new UsableMemory(bytes, file.toString())));
            folder = folder.getParent();
        }
        return limits;
    }

    /** In MiB; 0 stands for all that there is. Slurm need not have control groups: it may look how much a job has and end it. */
    private static Optional<UsableMemory> ofSlurm(Map<String, String> environment) {
        Optional<Long> perNode = number(environment.getOrDefault(SLURM_PER_NODE, ""));
        if (perNode.isPresent()) {
            return perNode.map(mebibytes -> new UsableMemory(mebibytes * BYTES_PER_MEBIBYTE, SLURM_PER_NODE));
        }
        Optional<Long> processors = number(environment.getOrDefault("SLURM_CPUS_ON_NODE", ""));
        return number(environment.getOrDefault(SLURM_PER_PROCESSOR, ""))
                .flatMap(mebibytes -> processors.map(
                        count -> new UsableMemory(mebibytes * count * BYTES_PER_MEBIBYTE, SLURM_PER_PROCESSOR)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Empty also for the 19 digits that version 1 of control groups writes where there is no limit. */
    private static Optional<Long> number(String text) {
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    /** For the machine file; empty if nothing limits it. */
    Optional<String> condition() {
        return limit.isEmpty()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT, "memory: %.1f GiB may be used, limited by %s", bytes / BYTES_PER_GIBIBYTE, limit));
    }
}
