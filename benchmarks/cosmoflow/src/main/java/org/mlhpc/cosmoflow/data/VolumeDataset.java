package org.mlhpc.cosmoflow.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.RunContext;
import org.mlhpc.torch.data.FileDataset;
import org.mlhpc.torch.data.FileShards;
import org.mlhpc.torch.data.LoaderOptions;
import org.mlhpc.torch.data.SampleFolder;
import org.mlhpc.torch.data.Shards;

/** The volumes of a data folder, each a file. */
public final class VolumeDataset extends FileDataset<Volumes> {
    /** Where samples lie. */
    public static final SampleFolder FOLDERS = new SampleFolder("cosmoflow", ".tfrecord");

    /** Settings of the same names. */
    private record Options(int sampleSize, int globalBatchSize, boolean applyLog) {}

    /**
     * Opens {@code directory}. Collective.
     *
     * @throws IOException if a folder is missing or holds too few samples; the message names it
     * @throws IllegalArgumentException if the batch does not divide evenly among the ranks
     */
    public VolumeDataset(Path directory, RunContext run) throws IOException {
        this(FOLDERS.whole(directory, localBatch(run), run), run);
    }

    /**
     * Opens the part of the data that this node holds. Collective.
     *
     * @throws IOException if a node has too few samples for a step; the message names its folder
     */
    public static VolumeDataset ofNode(Path directory, RunContext run) throws IOException {
        return new VolumeDataset(part(directory, run), run);
    }

    private VolumeDataset(FileShards files, RunContext run) {
        super(files, localBatch(run), localBatch(run), run, slots(run));
    }

    private static int localBatch(RunContext run) {
        int globalBatch = run.settings().bind(Options.class).globalBatchSize();
        return Shards.localBatch(globalBatch, run.world().size());
    }

    private static NewSlot<Volumes> slots(RunContext run) {
        Options options = run.settings().bind(Options.class);
        int side = options.sampleSize();
        var normalisation = options.applyLog() ? Normalisation.LOG : Normalisation.MEAN;
        var readers = ThreadLocal.withInitial(() -> new SampleFile.Reader(side));
        int localBatch = localBatch(run);
        return files -> new VolumeSlot(files, side, localBatch, normalisation, readers, run.readLimit());
    }

    /** The node with the fewest full batches says how many steps all take, as collectives need all ranks. */
    private static FileShards part(Path directory, RunContext run) throws IOException {
        LoaderOptions options = run.settings().bind(LoaderOptions.class);
        Communicator world = run.world();
        Communicator node = world.node();
        int batch = localBatch(run) * node.size();
        List<Path> train = FOLDERS.listPart(
                directory.resolve(SampleFolder.TRAIN), partOf(options.trainSamples(), "train_samples", run), node);
        List<Path> validation = FOLDERS.listPart(
                directory.resolve(SampleFolder.VALIDATION),
                partOf(options.validationSamples(), "validation_samples", run),
                node);
        int ownSteps = train.size() / batch;
        long steps = -(long) world.max(-ownSteps);
        if (steps == 0) {
            throw new IOException(
                    directory.resolve(SampleFolder.TRAIN) + " on this node or another one holds fewer samples than a"
                            + " step needs there (" + batch
                            + " here): use fewer nodes, a smaller global_batch_size, or the whole"
                            + " data set on each node");
        }
        double[] all = {node.rank() == 0 ? validation.size() : 0};
        world.sum(all);
        return new FileShards(train, validation, node, steps, Math.round(all[0]));
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
}
