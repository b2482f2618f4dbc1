package org.mlhpc.staging.files;

import java.util.Arrays;
import java.util.List;
import org.mlhpc.api.Communicator;

/**
 * Where this rank is in the job.
 *
 * @param node number of this node, from 0
 * @param nodes nodes of the job
 * @param local the ranks of this node
 * @param leaders the first ranks of all nodes; meaningful on them alone
 * @param worldRanks numbers in the whole job of the ranks of this node
 * @param worldSize ranks of the whole job
 */
public record NodePlace(
        int node, int nodes, Communicator local, Communicator leaders, List<Integer> worldRanks, int worldSize) {

    public NodePlace {
        worldRanks = List.copyOf(worldRanks);
    }

    /** Finds it out. Collective. */
    public static NodePlace of(Communicator world) {
        Communicator local = world.node();
        Communicator peers = world.peers();
        boolean leads = local.rank() == 0;
        int node = (int) local.max(leads ? peers.rank() : 0);
        int nodes = (int) world.max(leads ? peers.size() : 1);
        List<Integer> ranks = Arrays.stream(local.gather(world.rank()))
                .mapToObj(rank -> (int) rank)
                .toList();
        return new NodePlace(node, nodes, local, peers, ranks, world.size());
    }

    /** Whether this rank is the first of its node. */
    public boolean leads() {
        return local.rank() == 0;
    }

    /** Whether rank {@code rank} of the job is on this node. */
    boolean holds(int rank) {
        return worldRanks.contains(rank);
    }
}
