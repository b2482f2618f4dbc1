package org.mlhpc.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.staging.engine.SourceLimit;

/** A rate that the loaders of a node share, to try how training does on a slower shared file system. */
final class StorageLimit {
    private static final double MEGABYTES = 1e-6;

    private StorageLimit() {}

    /**
     * One limit for all ranks of this node, noted in {@code state}. Collective.
     *
     * @param bytesPerSecond empty without limit
     */
    static ReadLimit perNode(Communicator world, Optional<Double> bytesPerSecond, RunState state) throws IOException {
        if (bytesPerSecond.isEmpty()) {
            return ReadLimit.none();
        }
        state.note(String.format(
                Locale.ROOT,
                "loaders held to %.4g MB/s per node by --limit-storage",
                bytesPerSecond.get() * MEGABYTES));
        return shared(world.node(), bytesPerSecond.get());
    }

    private static ReadLimit shared(Communicator node, double bytesPerSecond) throws IOException {
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
