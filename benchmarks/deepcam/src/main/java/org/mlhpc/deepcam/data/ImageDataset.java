package org.mlhpc.deepcam.data;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.api.RunContext;
import org.mlhpc.torch.data.FileDataset;
import org.mlhpc.torch.data.FileShards;
import org.mlhpc.torch.data.SampleFolder;

/** The images of a data folder, each a file. */
public final class ImageDataset extends FileDataset<Images> {
    /** Where samples lie. */
    public static final SampleFolder FOLDERS = new SampleFolder("deepcam", ".h5");

    /** Evaluation goes image by image, as published. */
    private static final int VALIDATION_BATCH = 1;

    private final int trainFiles;

    /** Settings of the same names. */
    private record Size(int imageHeight, int imageWidth) {}

    /**
     * Opens {@code directory}. Collective.
     *
     * @param localBatch samples per rank and step
     * @throws IOException if a folder or the statistics are missing or damaged, or a folder holds too few samples; the message
     *     names the path
     */
    public ImageDataset(Path directory, int localBatch, RunContext run) throws IOException {
        this(FOLDERS.whole(directory, localBatch, run), Statistics.read(directory), localBatch, run);
    }

    private ImageDataset(FileShards files, Statistics statistics, int localBatch, RunContext run) {
        super(files, localBatch, VALIDATION_BATCH, run, slots(statistics, localBatch, run));
        this.trainFiles = files.train().size();
    }

    private static NewSlot<Images> slots(Statistics statistics, int localBatch, RunContext run) {
        Size size = run.settings().bind(Size.class);
        var readers =
                ThreadLocal.withInitial(() -> new ImageFile.Reader(size.imageHeight(), size.imageWidth(), statistics));
        return files ->
                new ImageSlot(files, size.imageHeight(), size.imageWidth(), localBatch, readers, run.readLimit());
    }

    /** All of the folder that are in use, as the reference counts them. */
    @Override
    public long loggedTrainSamples() {
        return trainFiles;
    }
}
