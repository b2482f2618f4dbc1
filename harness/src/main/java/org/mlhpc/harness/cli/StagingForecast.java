package org.mlhpc.harness.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Workload;
import org.mlhpc.api.WorkloadSpec;
import org.mlhpc.staging.Staging;
import org.mlhpc.staging.StagingRequest;

/** How a run would stage its data. */
final class StagingForecast {
    private StagingForecast() {}

    /** The plan, measured with the ranks of the run; says so if the data are yet to be generated. Collective. */
    static List<String> lines(
            RunOptions options, Workload<?> workload, WorkloadSpec facts, int threads, Communicator world)
            throws IOException {
        StagingRequest request = options.staging(options.indices().get(0))
                .forRun(facts.maxEpochs(), workload.readsNodeShards(), threads);
        Optional<Path> given = options.data();
        Optional<Path> source =
                given.isPresent() ? given : DataCache.ofUser(System.getenv()).existing(workload, options.settings());
        // A rank of another node may not see a data set that has just been generated.
        boolean there = world.max(source.isPresent() ? 0 : 1) == 0;
        if (!there) {
            return List.of("staging: no plan before there are data; the run generates them, --data DIR names others");
        }
        try (var staging = new Staging(source.orElseThrow(), request, world)) {
            return staging.plan().lines();
        }
    }
}
