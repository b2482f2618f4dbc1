package org.mlhpc.slurm.site;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Nodes of a partition that are alike, as sinfo has them.
 *
 * @param isDefault whether jobs go to this partition that name none
 * @param timeLimit empty if there is none
 * @param memoryMebibytes of a node
 * @param diskMebibytes of a node's temporary file system, 0 if Slurm was not told
 * @param gpus as sbatch wants them, such as {@code a100:4}; empty without any, or with several kinds
 */
record NodeKind(
        String partition,
        boolean isDefault,
        Optional<SlurmTime> timeLimit,
        int nodes,
        int sockets,
        int coresPerSocket,
        int threadsPerCore,
        long memoryMebibytes,
        long diskMebibytes,
        Optional<String> gpus,
        List<String> features) {
    /** What {@link #parse} reads: partition, state, limit, nodes, sockets, cores, threads, memory, disk, GRES, features. */
    static final String FORMAT = "%P|%a|%l|%D|%X|%Y|%Z|%m|%d|%G|%f";

    private static final int FIELDS = FORMAT.split("\\|").length;
    private static final Pattern GPU = Pattern.compile("gpu:(?:([^:,()]+):)?(\\d+)(?:\\([^)]*\\))?");

    /** The kinds in what sinfo prints; those of partitions that take no jobs are left out. */
    static List<NodeKind> parse(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .flatMap(line -> kind(line).stream())
                .toList();
    }

    private static Optional<NodeKind> kind(String line) {
        String[] fields = line.strip().split("\\|", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("sinfo prints '" + line + "' where " + FIELDS + " fields are expected");
        }
        if (!fields[1].equals("up")) {
            return Optional.empty();
        }
        return Optional.of(new NodeKind(
                fields[0].replaceFirst("\\*$", ""),
                fields[0].endsWith("*"),
                SlurmTime.of(fields[2]),
                Math.toIntExact(number(fields[3])),
                Math.toIntExact(number(fields[4])),
                Math.toIntExact(number(fields[5])),
                Math.toIntExact(number(fields[6])),
                number(fields[7]),
                number(fields[8]),
                gpus(fields[9]),
                list(fields[10])));
    }

    /** A plus says that some nodes have more. */
    private static long number(String field) {
        try {
            return Long.parseLong(field.replaceFirst("\\+$", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("sinfo prints '" + field + "' where a number is expected", e);
        }
    }

    private static Optional<String> gpus(String gres) {
        Matcher gpu = GPU.matcher(gres);
        if (!gpu.find()) {
            return Optional.empty();
        }
        String found = gpu.group(1) == null ? gpu.group(2) : gpu.group(1) + ":" + gpu.group(2);
        return gpu.find() ? Optional.empty() : Optional.of(found);
    }

    private static List<String> list(String features) {
        return features.equals("(null)") || features.isEmpty()
                ? List.of()
                : Arrays.stream(features.split(",", -1)).toList();
    }

    int cores() {
        return sockets * coresPerSocket;
    }
}
