package org.mlhpc.harness;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.mlhpc.api.Communicator;

/** What the nodes of a job are called. */
final class NodeNames {
    private NodeNames() {}

    /** Of this node, as the batch system calls it, if there is one. */
    static String own() {
        return System.getenv().getOrDefault("SLURMD_NODENAME", MachineProbe.host());
    }

    /** Of the nodes of all ranks, by rank. Collective. */
    static List<String> gather(Communicator world, String own) {
        byte[] name = own.getBytes(StandardCharsets.UTF_8);
        int length = (int) world.max(name.length);
        ByteBuffer all = ByteBuffer.allocateDirect(length * world.size());
        all.put(world.rank() * length, name);
        world.allGather(all);
        var names = new ArrayList<String>();
        for (int rank = 0; rank < world.size(); rank++) {
            byte[] bytes = new byte[length];
            all.get(rank * length, bytes);
            names.add(new String(bytes, StandardCharsets.UTF_8).replace("\0", ""));
        }
        return names;
    }
}
