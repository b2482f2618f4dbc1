package org.mlhpc.harness.bench.staging;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Progress;
import org.mlhpc.staging.Staging;
import org.mlhpc.staging.StagingRequest;
import org.mlhpc.staging.engine.IoOptions;
import org.mlhpc.staging.engine.SourceLimit;

/** Staging by one of our strategies: checksums, manifest, journal and publication included. */
record OurCopy(String label, String strategy, IoOptions io, SourceLimit limit, Communicator world)
        implements TimedCopy.Way {
    @Override
    public void copy(Path source, Path destination) throws IOException {
        StagingRequest request = StagingRequest.of(Optional.of(strategy), Optional.of(destination))
                .with(io, limit);
        try (var staging = new Staging(source, request, world)) {
            staging.stage(staging.plan(), Progress.none());
        }
    }
}
