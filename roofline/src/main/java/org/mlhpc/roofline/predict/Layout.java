package org.mlhpc.roofline.predict;

/** How ranks lie on nodes. */
public record Layout(int nodes, int ranksPerNode, int threadsPerRank) {
    public Layout {
        if (nodes < 1 || ranksPerNode < 1 || threadsPerRank < 1) {
            throw new IllegalArgumentException("nodes, ranks and threads must be at least 1, not " + nodes + ", "
                    + ranksPerNode + " and " + threadsPerRank);
        }
    }

    public int ranks() {
        return Math.multiplyExact(nodes, ranksPerNode);
    }

    /** Of all ranks of a node together. */
    public int threadsPerNode() {
        return ranksPerNode * threadsPerRank;
    }
}
