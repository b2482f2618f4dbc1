package org.mlhpc.torch.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.RunContext;

/**
 * The sorted sample files of a folder, listed by one rank: thousands of ranks listing at once would stall the file system.
 *
 * @param workload whose samples they are, for messages
 * @param suffix with which their names end
 */
public record SampleFolder(String workload, String suffix) {
    /** Folder of the training samples of a data set. */
    public static final String TRAIN = "train";

    /** Folder of the validation samples. */
    public static final String VALIDATION = "validation";

    /**
     * The files of both splits, which all ranks deal out among themselves. Collective.
     *
     * @param localBatch samples per rank and step
     * @throws IOException on every rank, if a folder is missing, empty or holds fewer samples than the settings want
     * @throws IllegalArgumentException if there are fewer training samples than a step takes
     */
    public FileShards whole(Path directory, int localBatch, RunContext run) throws IOException {
        LoaderOptions options = run.settings().bind(LoaderOptions.class);
        Communicator world = run.world();
        Path trainFolder = directory.resolve(TRAIN);
        List<Path> train = list(trainFolder, "train_samples", options.trainSamples(), world);
        List<Path> validation =
                list(directory.resolve(VALIDATION), "validation_samples", options.validationSamples(), world);
        int globalBatch = localBatch * world.size();
        if (train.size() < globalBatch) {
            throw new IllegalArgumentException("global_batch_size=" + globalBatch + " is more than the " + train.size()
                    + " training samples in " + trainFolder);
        }
        return new FileShards(train, validation, world, train.size() / globalBatch, validation.size());
    }

    /**
     * Lists the files. Collective.
     *
     * @param limit how many to use, the first ones; 0 for all
     * @throws IOException on every rank, if the folder is missing, empty or holds fewer than {@code limit}
     */
    private List<Path> list(Path folder, String limitKey, int limit, Communicator world) throws IOException {
        List<String> all = names(folder, world);
        if (all.isEmpty()) {
            throw new IOException(folder + " holds no *" + suffix + " files; point --data at a folder with train/ and "
                    + "validation/, or make one with ./mlhpc data generate " + workload + " --out DIR");
        }
        if (limit > all.size()) {
            throw new IOException(folder + " holds " + all.size() + " samples, fewer than " + limitKey + "=" + limit);
        }
        return all.stream()
                .limit(limit == 0 ? all.size() : limit)
                .map(folder::resolve)
                .toList();
    }

    /**
     * Lists the part of the files that a node holds; it may be empty. Collective on the ranks of the node.
     *
     * @param limit how many to use, the first ones; negative for all
     */
    public List<Path> listPart(Path folder, int limit, Communicator node) throws IOException {
        List<String> all = names(folder, node);
        return all.stream()
                .limit(limit < 0 ? all.size() : limit)
                .map(folder::resolve)
                .toList();
    }

    /** Samples that this rank sees in {@code folder}; 0 if it is missing. */
    public int count(Path folder) throws IOException {
        return (int) namesOrEmpty(folder).lines().count();
    }

    private List<String> names(Path folder, Communicator ranks) throws IOException {
        byte[] names = OneForAll.bytes(ranks, () -> namesOrEmpty(folder).getBytes(StandardCharsets.UTF_8));
        return new String(names, StandardCharsets.UTF_8).lines().toList();
    }

    private String namesOrEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return "";
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return String.join(
                    "\n",
                    entries.map(entry -> String.valueOf(entry.getFileName()))
                            .filter(name -> name.endsWith(suffix))
                            .sorted()
                            .toList());
        }
    }
}
