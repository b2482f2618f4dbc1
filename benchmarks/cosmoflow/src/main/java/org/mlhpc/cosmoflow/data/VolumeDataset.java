package org.mlhpc.cosmoflow.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Loading;
import org.mlhpc.api.RunContext;
import org.mlhpc.torch.data.Prefetcher;
import org.mlhpc.torch.data.ReadAhead;
import org.mlhpc.torch.data.SampleFolder;
import org.mlhpc.torch.data.Shards;

/** The volumes of a data folder, dealt out to the ranks as published. */
public final class VolumeDataset implements Dataset<Volumes> {
    /** Where samples lie. */
    public static final SampleFolder FOLDERS = new SampleFolder("cosmoflow", ".tfrecord");

    private final Options options;
    private final Shards shards;
    private final long seed;
    private final int localBatch;
    private final int trainFiles;
    private final int validationFiles;
    private final long stepsPerEpoch;
    private final long validationSamples;
    private final LongAdder bytes = new LongAdder();
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
        this(run.settings().bind(Options.class), whole(directory, run), run.world(), run);
    }

    /**
     * Opens the part of the data that this node holds. Collective.
     *
     * @throws IOException if a node has too few samples for a step; the message names its folder
     */
    public static VolumeDataset ofNode(Path directory, RunContext run) throws IOException {
        return new VolumeDataset(
                run.settings().bind(Options.class),
                part(directory, run),
                run.world().node(),
                run);
    }

    /** @param among the ranks that deal these files out among themselves */
    private VolumeDataset(Options options, Files files, Communicator among, RunContext run) {
        this.options = options;
        this.shards = new Shards(among.rank(), among.size());
        this.seed = run.seed();
        this.localBatch =
                Shards.localBatch(options.globalBatchSize(), run.world().size());
        this.trainFiles = files.train().size();
        this.validationFiles = files.validation().size();
        this.stepsPerEpoch = files.stepsPerEpoch();
        this.validationSamples = files.validationSamples();
        this.prefetcher = newPrefetcher(files.train(), files.validation(), run);
    }

    /**
     * What the ranks read.
     *
     * @param train those that these ranks deal out among themselves
     * @param stepsPerEpoch equal on all ranks of the job
     * @param validationSamples over all ranks of the job
     */
    private record Files(List<Path> train, List<Path> validation, long stepsPerEpoch, long validationSamples) {}

    private static Files whole(Path directory, RunContext run) throws IOException {
        Options options = run.settings().bind(Options.class);
        Shards.localBatch(options.globalBatchSize(), run.world().size());
        List<Path> train =
                FOLDERS.list(directory.resolve("train"), "train_samples", options.trainSamples(), run.world());
        List<Path> validation = FOLDERS.list(
                directory.resolve("validation"), "validation_samples", options.validationSamples(), run.world());
        if (train.size() < options.globalBatchSize()) {
            throw new IllegalArgumentException("global_batch_size=" + options.globalBatchSize() + " is more than the "
                    + train.size() + " training samples in " + directory.resolve("train"));
        }
        return new Files(train, validation, train.size() / options.globalBatchSize(), validation.size());
    }

    /** The node with the fewest full batches says how many steps all take, as collectives need all ranks. */
    private static Files part(Path directory, RunContext run) throws IOException {
        Options options = run.settings().bind(Options.class);
        Communicator world = run.world();
        Communicator node = world.node();
        int batch = Shards.localBatch(options.globalBatchSize(), world.size()) * node.size();
        List<Path> train = FOLDERS.listPart(
                directory.resolve("train"), partOf(options.trainSamples(), "train_samples", run), node);
        List<Path> validation = FOLDERS.listPart(
                directory.resolve("validation"), partOf(options.validationSamples(), "validation_samples", run), node);
        int ownSteps = train.size() / batch;
        long steps = -(long) world.max(-ownSteps);
        if (steps == 0) {
            throw new IOException(directory.resolve("train") + " on this node or another one holds fewer samples than a"
                    + " step needs there (" + batch
                    + " here): use fewer nodes, a smaller global_batch_size, or the whole"
                    + " data set on each node");
        }
        double[] all = {node.rank() == 0 ? validation.size() : 0};
        world.sum(all);
        return new Files(train, validation, steps, Math.round(all[0]));
    }

    /** How many of the first {@code limit} samples are on this node; negative for all of its own. */
    private static int partOf(int limit, String key, RunContext run) {
        int ranks = run.world().size();
        if (limit % ranks != 0) {
            throw new IllegalArgumentException(key + "=" + limit + " does not divide evenly among " + ranks
                    + " ranks, of which each node has its part of the data; choose a multiple of " + ranks);
        }
        return limit == 0 ? -1 : limit / ranks * run.world().node().size();
    }

    private Prefetcher<Volumes> newPrefetcher(List<Path> train, List<Path> validation, RunContext run) {
        // One list, training first: a sample number says which file, whichever reader asks.
        var files = new ArrayList<>(train);
        files.addAll(validation);
        var normalisation = options.applyLog() ? Normalisation.LOG : Normalisation.MEAN;
        var readers = ThreadLocal.withInitial(() -> new SampleFile.Reader(options.sampleSize()));
        return new Prefetcher<>(
                ReadAhead.of(options.loaderThreads(), options.prefetchBatches(), localBatch, run.threads()),
                () -> new VolumeSlot(
                        files, options.sampleSize(), localBatch, normalisation, readers, bytes, run.readLimit()));
    }

    @Override
    public long trainSamples() {
        return stepsPerEpoch() * options.globalBatchSize();
    }

    @Override
    public long validationSamples() {
        return validationSamples;
    }

    @Override
    public long stepsPerEpoch() {
        return stepsPerEpoch;
    }

    @Override
    public BatchReader<Volumes> train(int epoch, long stepsDone) {
        List<int[]> batches = shards.training(trainFiles, localBatch, options.shuffle(), seed, epoch);
        return prefetcher.read(batches.subList(0, (int) stepsPerEpoch), stepsDone);
    }

    @Override
    public BatchReader<Volumes> validation() {
        List<int[]> batches = shards.validation(validationFiles, localBatch);
        batches.forEach(batch -> Arrays.setAll(batch, i -> batch[i] + trainFiles));
        return prefetcher.read(batches);
    }

    @Override
    public Optional<Loading> loading() {
        return Optional.of(new Loading(
                prefetcher.decodedSamples(), bytes.sum(), prefetcher.decodeSeconds(), prefetcher.threads()));
    }

    @Override
    public void close() {
        prefetcher.close();
    }
}
