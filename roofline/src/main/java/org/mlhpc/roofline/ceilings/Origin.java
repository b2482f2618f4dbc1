package org.mlhpc.roofline.ceilings;

import java.time.Instant;
import org.mlhpc.roofline.Resource;

/**
 * Where and when the ceilings of a resource were measured.
 *
 * @param host of the first rank
 * @param measured when it began
 * @param nodes that took part; 1 for all but the network
 * @param ranksPerNode the most on one node
 */
public record Origin(Resource resource, String host, Instant measured, int nodes, int ranksPerNode) {
    public Origin {
        if (nodes < 1 || ranksPerNode < 1) {
            throw new IllegalArgumentException("the origin of " + resource.word() + " has " + nodes + " nodes and "
                    + ranksPerNode + " ranks per node");
        }
    }
}
