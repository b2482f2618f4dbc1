package org.mlhpc.cosmoflow.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.RunContext;
import org.mlhpc.torch.data.Prefetcher;

/** The volumes of a data folder, dealt out to the ranks as published. */
public final class VolumeDataset implements Dataset<Volumes> {
    private final Options options;
    private final Shards shards;
    private final long seed;
    private final int localBatch;
    private final int trainFiles;
    private final int validationFiles;
    private final Prefetcher<Volumes> prefetcher;

    /** The settings the data set declares; keys as in cosmoflow.properties. */
    record Options(
            int sampleSize,
            int globalBatchSize,
            int trainSamples,
            int validationSamples,
            boolean applyLog,
            boolean shuffle,
            int loaderThreads,
            int prefetchBatches) {
        Options {
            requireAtLeast("sample_size", sampleSize, 1);
            requireAtLeast("global_batch_size", globalBatchSize, 1);
            requireAtLeast("train_samples", trainSamples, 0);
            requireAtLeast("validation_samples", validationSamples, 0);
            requireAtLeast("loader_threads", loaderThreads, 0);
            requireAtLeast("prefetch_batches", prefetchBatches, 1);
        }

        private static void requireAtLeast(String key, int value, int least) {
            if (value < least) {
                throw new IllegalArgumentException(key + "=" + value + " must be at least " + least);
            }
        }
    }

    /**
     * Opens {@code directory}. Collective.
     *
     * @throws IOException if a folder is missing or holds too few samples; the message names it
     * @throws IllegalArgumentException if the batch does not divide evenly among the ranks
     */
    public VolumeDataset(Path directory, RunContext run) throws IOException {
        this.options = run.settings().bind(Options.class);
        this.shards = new Shards(run.world().rank(), run.world().size());
        this.seed = run.seed();
        this.localBatch = localBatch(options.globalBatchSize(), shards.ranks());
        List<Path> train =
                SampleFolder.list(directory.resolve("train"), "train_samples", options.trainSamples(), run.world());
        List<Path> validation = SampleFolder.list(
                directory.resolve("validation"), "validation_samples", options.validationSamples(), run.world());
        if (train.size() < options.globalBatchSize()) {
            throw new IllegalArgumentException("global_batch_size=" + options.globalBatchSize() + " is more than the "
                    + train.size() + " training samples in " + directory.resolve("train"));
        }
        this.trainFiles = train.size();
        this.validationFiles = validation.size();
        this.prefetcher = newPrefetcher(train, validation, loaderThreads(run));
    }

    private Prefetcher<Volumes> newPrefetcher(List<Path> train, List<Path> validation, int threads) {
        // One list, training first: a sample number says which file, whichever reader asks.
        var files = new ArrayList<>(train);
        files.addAll(validation);
        var normalisation = options.applyLog() ? Normalisation.LOG : Normalisation.MEAN;
        var readers = ThreadLocal.withInitial(() -> new SampleFile.Reader(options.sampleSize()));
        return new Prefetcher<>(
                threads,
                options.prefetchBatches(),
                () -> new VolumeSlot(files, options.sampleSize(), localBatch, normalisation, readers));
    }

    private int loaderThreads(RunContext run) {
        return options.loaderThreads() > 0 ? options.loaderThreads() : run.threads();
    }

    /**
     * Samples per rank and step.
     *
     * @throws IllegalArgumentException if ranks would get different numbers
     */
    public static int localBatch(int globalBatch, int ranks) {
        if (globalBatch % ranks != 0) {
            throw new IllegalArgumentException("global_batch_size=" + globalBatch + " does not divide evenly among "
                    + ranks + " ranks; choose a multiple of " + ranks);
        }
        return globalBatch / ranks;
    }

    @Override
    public long trainSamples() {
        return stepsPerEpoch() * options.globalBatchSize();
    }

    @Override
    public long validationSamples() {
        return validationFiles;
    }

    @Override
    public long stepsPerEpoch() {
        return trainFiles / options.globalBatchSize();
    }

    @Override
    public BatchReader<Volumes> train(int epoch) {
        return prefetcher.read(shards.training(trainFiles, localBatch, options.shuffle(), seed, epoch));
    }

    @Override
    public BatchReader<Volumes> validation() {
        List<int[]> batches = shards.validation(validationFiles, localBatch);
        batches.forEach(batch -> Arrays.setAll(batch, i -> batch[i] + trainFiles));
        return prefetcher.read(batches);
    }

    @Override
    public void close() {
        prefetcher.close();
    }
}
