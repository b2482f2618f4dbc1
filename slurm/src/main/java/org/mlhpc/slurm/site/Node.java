package org.mlhpc.slurm.site;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the nodes of a site have, as far as the site file says it.
 *
 * @param gpus of a node
 * @param sockets of a node
 * @param cores of a node
 * @param threadsPerCore hardware threads of a core that Slurm counts as processors
 * @param memory that a job asks for on each node, in the words of sbatch: {@code 500G}, or 0 for all of it
 */
public record Node(
        OptionalInt gpus, OptionalInt sockets, OptionalInt cores, int threadsPerCore, Optional<String> memory) {
    private static final String UNITS = "KMGT";

    /** Nothing is known. */
    public static Node unknown() {
        return new Node(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), 1, Optional.empty());
    }

    /** One for each GPU; without GPUs one for each socket; 1 if neither is known. */
    public int defaultRanks() {
        return gpus.orElse(sockets.orElse(1));
    }

    /** Cores for each of {@code ranks} processes, at least 1; empty if the cores are not known. */
    public OptionalInt coresPerRank(int ranks) {
        return cores.isEmpty() ? cores : OptionalInt.of(Math.max(1, cores.getAsInt() / ranks));
    }

    /** Bytes of {@link #memory}; empty if it is not known or all of it is asked for. */
    public OptionalLong memoryBytes() {
        return memory.map(Node::bytes)
                .filter(bytes -> bytes > 0)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    /** Slurm's units are powers of 1024; a number alone is in MiB. */
    private static long bytes(String memory) {
        String upper = memory.toUpperCase(Locale.ROOT);
        int unit = UNITS.indexOf(upper.charAt(upper.length() - 1));
        long number = Long.parseLong(unit < 0 ? upper : upper.substring(0, upper.length() - 1));
        return number << (10 * (unit < 0 ? 2 : unit + 1));
    }
}
