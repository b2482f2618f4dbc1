package org.mlhpc.slurm.site;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the nodes of a site have, as far as the site file says it.
 *
 * @param gpus of a node
 * @param sockets of a node
 * @param cores of a node
 * @param threadsPerCore hardware threads of a core that Slurm counts as processors
 * @param memoryBytes of a node
 */
public record Node(
        OptionalInt gpus, OptionalInt sockets, OptionalInt cores, int threadsPerCore, OptionalLong memoryBytes) {
    /** Nothing is known. */
    public static Node unknown() {
        return new Node(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), 1, OptionalLong.empty());
    }

    /** One for each GPU; without GPUs one for each socket; 1 if neither is known. */
    public int defaultRanks() {
        return gpus.orElse(sockets.orElse(1));
    }

    /** Cores for each of {@code ranks} processes, at least 1; empty if the cores are not known. */
    public OptionalInt coresPerRank(int ranks) {
        return cores.isEmpty() ? cores : OptionalInt.of(Math.max(1, cores.getAsInt() / ranks));
    }

    /** The same in processors as Slurm counts them. */
    public OptionalInt processors(int ranks) {
        OptionalInt each = coresPerRank(ranks);
        return each.isEmpty() ? each : OptionalInt.of(each.getAsInt() * threadsPerCore);
    }
}
