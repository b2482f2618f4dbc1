package org.mlhpc.harness.mpi;

import java.util.Map;

/**
 * Ranks of one machine that behave like those of several: {@code MLHPC_SIMULATED_NODES=N} makes N nodes of consecutive
 * ranks, to try staging and node-local data without a cluster.
 */
final class SimulatedNodes {
    static final String VARIABLE = "MLHPC_SIMULATED_NODES";

    private SimulatedNodes() {}

    /** How many nodes to simulate; 0 for the real ones. */
    static int number(Map<String, String> environment) {
        String value = environment.getOrDefault(VARIABLE, "");
        if (value.isEmpty()) {
            return 0;
        }
        if (!value.matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException(VARIABLE + "=" + value + " is not a number of nodes");
        }
        return Integer.parseInt(value);
    }

    /** Blocks of consecutive ranks whose sizes differ by one at most; with fewer ranks than nodes one rank each. */
    static int nodeOf(int rank, int ranks, int nodes) {
        return (int) ((long) rank * Math.min(nodes, ranks) / ranks);
    }
}
