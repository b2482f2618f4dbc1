package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mlhpc.staging.StagingRequest;
import org.mlhpc.staging.Unpacking;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;
import picocli.CommandLine.Option;

/** How a data set comes to the nodes. */
final class StagingOptions {
    private static final double MEGA = 1e6;

    @Option(
            names = "--strategy",
            paramLabel = "S",
            description = "in-place, copy, forward, shard, memory, or auto for the one with the least predicted time.")
    private @Nullable String strategy;

    @Option(
            names = "--unpack",
            description = "Decompress GZIP files while staging: no, yes, or auto if the run is predicted to gain.",
            defaultValue = "no")
    private Unpacking unpacking = Unpacking.NO;

    @Option(
            names = "--verify",
            description = "Read everything at the destination again; copy once more what does not match.")
    private boolean verify;

    @Option(
            names = "--io-workers",
            paramLabel = "N",
            description = "Requests in flight per rank, of 4 MiB each.",
            defaultValue = "" + IoOptions.DEFAULT_WORKERS)
    private int workers;

    @Option(names = "--buffered", description = "Stage through the page cache, also where direct I/O works.")
    private boolean buffered;

    @Option(
            names = "--source-limit",
            paramLabel = "MB/S",
            description = "For trials: read no faster than this, all ranks of this machine together.",
            hidden = true)
    private double sourceLimit;

    boolean asksForStrategy() {
        return strategy != null;
    }

    StagingRequest request(@Nullable Path destination) throws IOException {
        IoOptions io = IoOptions.defaults().withWorkers(workers).withDirect(!buffered);
        SourceLimit limit = SourceLimit.none();
        if (sourceLimit > 0) {
            Path file = Path.of(
                    System.getProperty("java.io.tmpdir"), "mlhpc-source-limit-" + System.getProperty("user.name"));
            limit = SourceLimit.shared(file, sourceLimit * MEGA);
        }
        return StagingRequest.of(Optional.ofNullable(strategy), Optional.ofNullable(destination))
                .with(unpacking, verify)
                .with(io, limit);
    }
}
