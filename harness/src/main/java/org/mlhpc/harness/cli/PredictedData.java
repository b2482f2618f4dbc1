package org.mlhpc.harness.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mlhpc.roofline.predict.DataPlan;
import org.mlhpc.roofline.predict.DataSet;
import org.mlhpc.roofline.predict.LocalStorage;
import org.mlhpc.roofline.predict.MeasuredCluster;
import picocli.CommandLine.Option;

/** What predictions assume of data and where they are. */
final class PredictedData {
    @Option(
            names = "--train-samples",
            paramLabel = "N",
            description = "Size of the training set; default: that of the fitted runs.")
    private @Nullable Long trainSamples;

    @Option(
            names = "--eval-samples",
            paramLabel = "N",
            description = "Size of the validation set; default: that of the fitted runs.")
    private @Nullable Long evalSamples;

    @Option(
            names = "--staging",
            paramLabel = "HOW",
            description =
                    "shard (each node its part), copy (each node everything) or in_place; default: ${DEFAULT-VALUE}.",
            defaultValue = "SHARD")
    private DataPlan.Staging staging = DataPlan.Staging.SHARD;

    @Option(
            names = "--shared-rate",
            paramLabel = "RATE",
            converter = Rate.class,
            description =
                    "What the shared file system gives all nodes together, such as 100GB/s; default: what one node"
                            + " read.")
    private @Nullable Double sharedRate;

    @Option(
            names = "--local-storage",
            paramLabel = "GIGABYTES",
            description = "Capacity of each node's own storage in GB (1e9 bytes); default: none.")
    private @Nullable Double localGigabytes;

    @Option(
            names = "--local-read",
            paramLabel = "RATE",
            converter = Rate.class,
            description =
                    "What a node reads from its own storage, such as 3GB/s; default: what --path of measure gave.")
    private @Nullable Double localRead;

    @Option(
            names = "--local-write",
            paramLabel = "RATE",
            converter = Rate.class,
            description = "What a node writes there; default: likewise.")
    private @Nullable Double localWrite;

    /** The data of {@code known} with what was asked for. */
    DataSet applyTo(DataSet known) {
        PredictionOptions.requirePositive("--train-samples", trainSamples == null ? 1 : (double) trainSamples);
        PredictionOptions.requirePositive("--eval-samples", evalSamples == null ? 1 : (double) evalSamples);
        PredictionOptions.requirePositive("--local-storage", localGigabytes == null ? 1 : localGigabytes);
        return new DataSet(
                trainSamples == null ? known.trainSamples() : trainSamples,
                evalSamples == null ? known.evalSamples() : evalSamples,
                known.bytesPerSample());
    }

    MeasuredCluster.Further further() {
        if (localGigabytes == null && (localRead != null || localWrite != null)) {
            throw new IllegalArgumentException("--local-read and --local-write need --local-storage, the capacity");
        }
        return new MeasuredCluster.Further(
                Optional.ofNullable(sharedRate),
                Optional.ofNullable(localGigabytes)
                        .map(gigabytes -> new LocalStorage(
                                gigabytes * 1e9, Optional.ofNullable(localRead), Optional.ofNullable(localWrite))));
    }

    DataPlan.Staging staging() {
        return staging;
    }
}
