package org.mlhpc.oc20.data;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.BatchReader;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Dataset;
import org.mlhpc.api.Loading;
import org.mlhpc.api.ReadLimit;
import org.mlhpc.api.RunContext;
import org.mlhpc.torch.data.LoaderOptions;
import org.mlhpc.torch.data.OneForAll;
import org.mlhpc.torch.data.Prefetcher;
import org.mlhpc.torch.data.Shards;

/** The graphs of a data folder, dealt out to the ranks so that all have about equally much work. */
public final class GraphDataset implements Dataset<GraphBatch> {
    private final LoaderOptions options;
    private final BalancedShards shards;
    private final long seed;
    private final Source source;
    private final int[] trainWork;
    private final int[] validationWork;
    private final Prefetcher<GraphBatch> prefetcher;

    /** Settings of the same names. */
    record Size(double cutoff, int maxNeighbors, int globalBatchSize) {
        Size {
            require(cutoff > 0, "cutoff", cutoff, "positive");
            requireAtLeast(1, "max_neighbors", maxNeighbors);
            requireAtLeast(1, "global_batch_size", globalBatchSize);
        }
    }

    /** Both splits under one numbering, training first. */
    record Source(GraphFiles train, GraphFiles validation) implements AutoCloseable {
        byte[] read(int sample, ReadLimit limit) throws IOException {
            byte[] record = isTraining(sample) ? train.read(sample) : validation.read(sample - train.count());
            limit.pass(record.length);
            return record;
        }

        String place(int sample) {
            return isTraining(sample) ? train.place(sample) : validation.place(sample - train.count());
        }

        private boolean isTraining(int sample) {
            return sample < train.count();
        }

        @Override
        public void close() {
            train.close();
            validation.close();
        }
    }

    /**
     * Opens {@code directory}. Collective.
     *
     * @throws IOException if a folder is missing or holds too few samples, or a file is damaged; the message names it
     * @throws IllegalArgumentException if the batch does not divide evenly among the ranks
     */
    public GraphDataset(Path directory, RunContext run) throws IOException {
        this.options = run.settings().bind(LoaderOptions.class);
        Size size = run.settings().bind(Size.class);
        Communicator world = run.world();
        int localBatch = Shards.localBatch(size.globalBatchSize(), world.size());
        this.shards = new BalancedShards(world.rank(), world.size(), localBatch);
        this.seed = run.seed();
        this.source = new Source(
                GraphFiles.open(GraphFiles.training(directory), world),
                GraphFiles.open(GraphFiles.validation(directory), world));
        try {
            trainWork = work(source.train(), options.trainSamples(), "train_samples", directory, world);
            validationWork =
                    work(source.validation(), options.validationSamples(), "validation_samples", directory, world);
            if (trainWork.length < size.globalBatchSize()) {
                throw new IllegalArgumentException("global_batch_size=" + size.globalBatchSize() + " is more than the "
                        + trainWork.length + " training samples in " + directory);
            }
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
        var radiusGraph = new RadiusGraph(size.cutoff(), size.maxNeighbors());
        this.prefetcher = new Prefetcher<>(
                options.readAhead(localBatch, run.threads()),
                () -> new GraphSlot(source, radiusGraph, run.readLimit()));
    }

    /** Bytes of each record: the edges, or if there are none the atoms, fill it, and the work grows with them. */
    private static int[] work(GraphFiles files, int limit, String key, Path directory, Communicator world)
            throws IOException {
        if (limit > files.count()) {
            throw new IOException(directory + " holds " + files.count() + " samples, fewer than " + key + "=" + limit);
        }
        int count = limit == 0 ? files.count() : limit;
        byte[] sizes = OneForAll.bytes(world, () -> {
            ByteBuffer buffer = ByteBuffer.allocate(count * Integer.BYTES);
            buffer.asIntBuffer().put(files.recordBytes(), 0, count);
            return buffer.array();
        });
        int[] work = new int[count];
        ByteBuffer.wrap(sizes).asIntBuffer().get(work);
        return work;
    }

    @Override
    public long trainSamples() {
        return shards.trained(trainWork.length);
    }

    /** Each sample counted once. */
    @Override
    public long loggedTrainSamples() {
        return trainWork.length;
    }

    @Override
    public long validationSamples() {
        return validationWork.length;
    }

    @Override
    public long stepsPerEpoch() {
        return shards.steps(trainWork.length);
    }

    @Override
    public BatchReader<GraphBatch> train(int epoch, long stepsDone) {
        List<int[]> batches = shards.training(trainWork, options.shuffle(), seed, epoch);
        return prefetcher.read(batches, stepsDone);
    }

    @Override
    public BatchReader<GraphBatch> validation() {
        List<int[]> batches = shards.validation(validationWork);
        int first = source.train().count();
        batches.forEach(batch -> Arrays.setAll(batch, i -> batch[i] + first));
        return prefetcher.read(batches);
    }

    @Override
    public Optional<Loading> loading() {
        return Optional.of(prefetcher.loading());
    }

    @Override
    public void close() {
        prefetcher.close();
        source.close();
    }
}
