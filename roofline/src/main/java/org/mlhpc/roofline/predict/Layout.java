package org.mlhpc.roofline.predict;

/** How ranks lie on nodes. */
public record Layout(int nodes, int ranksPerNode, int threadsPerRank) {
    /** @throws IllegalArgumentException if a number is below 1, or the ranks or a node's threads are too many to count */
    public Layout {
        if (nodes < 1 || ranksPerNode < 1 || threadsPerRank < 1) {
            throw new IllegalArgumentException("nodes, ranks and threads must be at least 1, not " + nodes + ", "
                    + ranksPerNode + " and " + threadsPerRank);
        }
        requireCountable(nodes + " nodes of " + ranksPerNode + " ranks", (long) nodes * ranksPerNode);
        requireCountable(
                ranksPerNode + " ranks of " + threadsPerRank + " threads", (long) ranksPerNode * threadsPerRank);
    }

    private static void requireCountable(String what, long product) {
        if (product > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(what + " are more than " + Integer.MAX_VALUE + " together");
        }
    }

    public int ranks() {
        return nodes * ranksPerNode;
    }

    /** Of all ranks of a node together. */
    public int threadsPerNode() {
        return ranksPerNode * threadsPerRank;
    }
}
