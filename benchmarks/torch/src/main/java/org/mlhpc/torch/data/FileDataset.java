package org.mlhpc.torch.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.Batch;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Loading;
import org.mlhpc.api.RunContext;

/** Samples that are files, dealt out to the ranks as published: full batches only, the files shuffled anew in each epoch. */
public abstract class FileDataset<B extends Batch> implements Dataset<B> {
    private final FileShards files;
    private final int localBatch;
    private final int validationBatch;
    private final RunContext run;
    private final LoaderOptions options;
    private final Shards shards;
    private final Prefetcher<B> prefetcher;

    /** Makes the memory of a batch. */
    @FunctionalInterface
    public interface NewSlot<B extends Batch> {
        /** @param files of which a slot decodes those whose numbers it is given */
        Slot<B> of(List<Path> files);
    }

    /**
     * Prepares to read.
     *
     * @param localBatch samples per rank and step
     * @param validationBatch samples per rank that are evaluated together
     */
    protected FileDataset(FileShards files, int localBatch, int validationBatch, RunContext run, NewSlot<B> newSlot) {
        this.files = files;
        this.localBatch = localBatch;
        this.validationBatch = validationBatch;
        this.run = run;
        this.options = run.settings().bind(LoaderOptions.class);
        this.shards = new Shards(files.among().rank(), files.among().size());
        // One list, training first: a sample number says which file, whichever reader asks.
        var all = new ArrayList<>(files.train());
        all.addAll(files.validation());
        this.prefetcher = new Prefetcher<>(options.readAhead(localBatch, run.threads()), () -> newSlot.of(all));
    }

    @Override
    public long trainSamples() {
        return stepsPerEpoch() * localBatch * run.world().size();
    }

    @Override
    public long validationSamples() {
        return files.validationSamples();
    }

    @Override
    public long stepsPerEpoch() {
        return files.stepsPerEpoch();
    }

    @Override
    public BatchReader<B> train(int epoch, long stepsDone) {
        List<int[]> batches = shards.training(files.train().size(), localBatch, options.shuffle(), run.seed(), epoch);
        return prefetcher.read(batches.subList(0, Math.toIntExact(stepsPerEpoch())), stepsDone);
    }

    @Override
    public BatchReader<B> validation() {
        return prefetcher.read(
                shards.validation(files.train().size(), files.validation().size(), validationBatch));
    }

    @Override
    public Optional<Loading> loading() {
        return Optional.of(prefetcher.loading());
    }

    @Override
    public void close() {
        prefetcher.close();
    }
}
