package org.mlhpc.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.Settings;
import org.mlhpc.api.Workload;
import org.mlhpc.staging.StagingRequest;

/**
 * What one run is asked to do.
 *
 * @param index number of the run in its campaign, from 0
 * @param synthetic whether the data were generated rather than the published set
 * @param staging how the data come to the nodes
 * @param maxSteps training steps after which to stop; 0 for no limit
 * @param resume go on from the last checkpoint, if there is one
 * @param initialWeights Safetensors file to start from
 * @param dropCaches try to drop the page cache before the run
 * @param threads compute threads of each rank
 * @param command the command line, for the record
 */
public record RunPlan(
        Workload<?> workload,
        String configuration,
        Settings settings,
        long seed,
        int index,
        Path out,
        Path data,
        boolean synthetic,
        StagingRequest staging,
        long maxSteps,
        boolean resume,
        Optional<Path> initialWeights,
        boolean dropCaches,
        int threads,
        Submission submission,
        List<String> command) {

    /** Who submits; see the keys {@code submission_*} of the log. */
    public record Submission(String org, String platform, String status) {}

    RunFiles files() {
        return new RunFiles(out, index);
    }

    /** Closed only if the rules allow these settings and the data are the published ones. */
    String division() {
        return workload.spec(settings).unclosed().isEmpty() && !synthetic ? "closed" : "open";
    }
}
