package org.mlhpc.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One benchmark of the suite, found with {@link java.util.ServiceLoader}. Implementations have no state of their own:
 * whatever a run needs comes from its {@link RunContext}.
 */
public interface Workload<B extends Batch> {
    /** The benchmark's name on the command line and in the log ({@code submission_benchmark}). */
    String name();

    /** One sentence for {@code mlhpc list}. */
    String summary();

    /** Names of the configurations, smallest first; the first is the default. */
    List<String> configurations();

    /**
     * Every setting of {@code configuration} with its default.
     *
     * @throws IllegalArgumentException if there is no such configuration; the message lists those there are
     */
    Settings settings(String configuration);

    /**
     * The facts that follow from the settings.
     *
     * @throws IllegalArgumentException if a setting has a wrong type or value; the message names key and value
     */
    WorkloadSpec spec(Settings settings);

    /**
     * What the log says about optimizer and schedule, by log key in the order to write.
     *
     * @param ranks number of ranks of the run, which the global batch size and the learning rate depend on
     * @throws IllegalArgumentException if the settings do not suit this number of ranks; the message names the fix
     */
    Map<String, Object> loggedHyperparameters(Settings settings, int ranks);

    /** What is logged beside that and what the rules ask for; empty if nothing is. */
    default Optional<Logging> logging(Settings settings) {
        return Optional.empty();
    }

    /**
     * The work of one training step of one rank, by operator; empty if the workload does not account for it.
     *
     * @throws IllegalArgumentException if the settings do not suit this number of ranks
     */
    default Optional<StepWork> stepWork(Settings settings, int ranks) {
        return Optional.empty();
    }

    /**
     * Bytes of one sample before compression; empty if the settings do not tell. Files of other settings are taken to be
     * longer or shorter by the same factor.
     *
     * @throws IllegalArgumentException if a setting has a wrong type or value
     */
    default OptionalLong sampleBytes(Settings settings) {
        return OptionalLong.empty();
    }

    /** Keys of settings that change how fast a run is, but not what is learned; batch size and precision apart. */
    default Set<String> speedSettings() {
        return Set.of();
    }

    /** Builds model and optimizer, with the same initial weights on every rank. Touches no training data. */
    Trainer<B> newTrainer(RunContext run);

    /**
     * Why the data in {@code directory} are not allowed in the closed division under settings that are; empty if they are, or if
     * the rules do not say. Looks at no sample.
     *
     * @throws IOException if the directory cannot be read
     */
    default List<String> unclosed(Settings settings, Path directory) throws IOException {
        return List.of();
    }

    /**
     * Opens this rank's shard of the data in {@code directory}. Collective.
     *
     * @throws IOException if the directory does not hold the data set; the message names the path
     */
    Dataset<B> openDataset(Path directory, RunContext run) throws IOException;

    /**
     * Whether {@link #openNodeShard} works: whether training allows that samples of one node never meet those of another
     * in memory, and every validation sample is still evaluated once.
     */
    default boolean readsNodeShards() {
        return false;
    }

    /**
     * Opens this rank's shard of the part of the data that this node holds in {@code directory}; the parts of all nodes
     * together are the data set, and in each folder the rank r of n ranks brought the sorted files r, r + n, and so on to
     * its node. Collective.
     *
     * @throws IOException if the directory does not hold such a part; the message names the path
     */
    default Dataset<B> openNodeShard(Path directory, RunContext run) throws IOException {
        throw new UnsupportedOperationException(name() + " cannot read a part of the data on each node");
    }

    /** Generates synthetic data that can be learned, in the file format of the real data set. */
    DataGenerator generator(Settings settings);

    /** The same settings with just enough synthetic data to time a training step, quick to generate. */
    Settings withLeastData(Settings settings);
}
