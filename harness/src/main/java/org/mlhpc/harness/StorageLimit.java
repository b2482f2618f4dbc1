package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.staging.engine.SourceLimit;

/** A rate that the loaders of a node share, to try how training does on a slower shared file system. */
final class StorageLimit {
    private StorageLimit() {}

    /** One limit for all ranks of this node. Collective. */
    static ReadLimit perNode(Communicator world, double bytesPerSecond) throws IOException {
        Communicator node = world.node();
        boolean first = node.rank() == 0;
        long process = (long) node.max(first ? (double) ProcessHandle.current().pid() : 0);
        // Of one process and node only: an older one could hold a moment that lies ahead.
        String name = "mlhpc-storage-limit-" + System.getProperty("user.name") + "-" + process;
        Path file = Path.of(System.getProperty("java.io.tmpdir"), name);
        if (first) {
            Files.deleteIfExists(file);
        }
        node.barrier();
        SourceLimit limit = SourceLimit.shared(file, bytesPerSecond);
        node.barrier();
        if (first) {
            Files.delete(file);
        }
        return limit::pass;
    }
}
