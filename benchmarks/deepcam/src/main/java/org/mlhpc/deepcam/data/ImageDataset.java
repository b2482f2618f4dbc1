package org.mlhpc.deepcam.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Loading;
import org.mlhpc.api.RunContext;
import org.mlhpc.torch.data.Prefetcher;
import org.mlhpc.torch.data.ReadAhead;
import org.mlhpc.torch.data.SampleFolder;
import org.mlhpc.torch.data.Shards;

/** The images of a data folder, dealt out to the ranks as published: all shuffled anew in each epoch. */
public final class ImageDataset implements Dataset<Images> {
    /** Where samples lie. */
    public static final SampleFolder FOLDERS = new SampleFolder("deepcam", ".h5");

    private final Options options;
    private final Shards shards;
    private final long seed;
    private final int localBatch;
    private final int trainFiles;
    private final int validationFiles;
    private final LongAdder bytes = new LongAdder();
    private final Prefetcher<Images> prefetcher;

    /** Settings of the same names. */
    public record Options(
            int imageHeight,
            int imageWidth,
            int trainSamples,
            int validationSamples,
            boolean shuffle,
            int loaderThreads,
            int prefetchBatches) {
        public Options {
            requireAtLeast("image_height", imageHeight, 1);
            requireAtLeast("image_width", imageWidth, 1);
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
     * @param localBatch samples per rank and step
     * @throws IOException if a folder or the statistics are missing or damaged, or a folder holds too few samples; the message
     *     names the path
     */
    public ImageDataset(Path directory, int localBatch, RunContext run) throws IOException {
        this.options = run.settings().bind(Options.class);
        this.shards = new Shards(run.world().rank(), run.world().size());
        this.seed = run.seed();
        this.localBatch = localBatch;
        List<Path> train =
                FOLDERS.list(directory.resolve("train"), "train_samples", options.trainSamples(), run.world());
        List<Path> validation = FOLDERS.list(
                directory.resolve("validation"), "validation_samples", options.validationSamples(), run.world());
        this.trainFiles = train.size();
        this.validationFiles = validation.size();
        if (stepsPerEpoch() == 0) {
            throw new IllegalArgumentException(
                    "global_batch_size=" + localBatch * run.world().size() + " is more than the " + trainFiles
                            + " training samples in " + directory.resolve("train"));
        }
        this.prefetcher = newPrefetcher(train, validation, Statistics.read(directory), run);
    }

    private Prefetcher<Images> newPrefetcher(
            List<Path> train, List<Path> validation, Statistics statistics, RunContext run) {
        // One list, training first: a sample number says which file, whichever reader asks.
        var files = new ArrayList<>(train);
        files.addAll(validation);
        int height = options.imageHeight();
        int width = options.imageWidth();
        var readers = ThreadLocal.withInitial(() -> new ImageFile.Reader(height, width, statistics));
        return new Prefetcher<>(
                ReadAhead.of(options.loaderThreads(), options.prefetchBatches(), localBatch, run.threads()),
                () -> new ImageSlot(files, height, width, localBatch, readers, bytes, run.readLimit()));
    }

    @Override
    public long trainSamples() {
        return stepsPerEpoch() * localBatch * shards.ranks();
    }

    /** All of the folder that are in use, as the reference counts them. */
    @Override
    public long loggedTrainSamples() {
        return trainFiles;
    }

    @Override
    public long validationSamples() {
        return validationFiles;
    }

    @Override
    public long stepsPerEpoch() {
        return trainFiles / ((long) localBatch * shards.ranks());
    }

    @Override
    public BatchReader<Images> train(int epoch, long stepsDone) {
        List<int[]> batches = shards.training(trainFiles, localBatch, options.shuffle(), seed, epoch);
        return prefetcher.read(batches, stepsDone);
    }

    /** Image by image, as published. */
    @Override
    public BatchReader<Images> validation() {
        List<int[]> batches = shards.validation(validationFiles, 1);
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
