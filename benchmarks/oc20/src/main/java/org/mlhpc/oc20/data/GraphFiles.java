package org.mlhpc.oc20.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.mlhpc.oc20.lmdb.RecordFile;
import org.mlhpc.oc20.pickle.PickleException;
import org.mlhpc.oc20.pickle.Pickles;
import org.mlhpc.torch.data.SampleFolder;

/**
 * The LMDB files of one split, {@code data.0000.lmdb} and so on. In each, the record {@code length} is the pickled number of
 * graphs, and the graphs are the records {@code 0}, {@code 1}, and so on. For several threads.
 */
public final class GraphFiles implements AutoCloseable {
    /** Key of the number of graphs in a file. */
    public static final String LENGTH = "length";

    private static final String SUFFIX = ".lmdb";
    /** What the published validation split is called. */
    private static final String PUBLISHED_VALIDATION = "val_id";

    private final List<RecordFile> files;
    /** Number of the first graph of each file, and at last of all graphs. */
    private final int[] first;

    private GraphFiles(List<RecordFile> files, int[] first) {
        this.files = files;
        this.first = first;
    }

    /** Folder of the training split of a data set. */
    public static Path training(Path dataSet) {
        return dataSet.resolve(SampleFolder.TRAIN);
    }

    /** Folder of the validation split, by its published name if that is there. */
    public static Path validation(Path dataSet) {
        Path published = dataSet.resolve(PUBLISHED_VALIDATION);
        return Files.isDirectory(published) ? published : dataSet.resolve(SampleFolder.VALIDATION);
    }

    /** Graphs in the files of a folder; 0 if it is missing. */
    public static int count(Path folder) throws IOException {
        if (list(folder).isEmpty()) {
            return 0;
        }
        try (GraphFiles files = open(folder)) {
            return files.count();
        }
    }

    /** Name of a file of a split, from 0. */
    public static String name(int file) {
        return String.format(Locale.ROOT, "data.%04d%s", file, SUFFIX);
    }

    /**
     * Opens all files of a folder.
     *
     * @throws IOException if there is none, or one is damaged; the message names it
     */
    public static GraphFiles open(Path folder) throws IOException {
        var files = new ArrayList<RecordFile>();
        try {
            for (Path file : requireSome(folder, list(folder))) {
                files.add(RecordFile.open(file));
            }
            int[] first = new int[files.size() + 1];
            for (int i = 0; i < files.size(); i++) {
                first[i + 1] = Math.addExact(first[i], length(files.get(i)));
            }
            return new GraphFiles(files, first);
        } catch (IOException | RuntimeException e) {
            files.forEach(RecordFile::close);
            throw e;
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> requireSome(Path folder, List<Path> found) throws IOException {
        if (found.isEmpty()) {
            throw new IOException(folder + " holds no *" + SUFFIX + " files; point --data at a folder with "
                    + "train/ and validation/, or make one with ./mlhpc data generate oc20 --out DIR");
        }
        return found;
    }

    private static int length(RecordFile file) throws IOException {
        byte[] record = file.read(LENGTH)
                .orElseThrow(() -> new IOException(file.file() + " lacks the record '" + LENGTH + "'"));
        try {
            long length = Pickles.readNumber(ByteBuffer.wrap(record));
            // Further records do no harm; preprocessing leaves some when it is run again with less.
            if (length < 0 || length > file.count() - 1 || length > Integer.MAX_VALUE) {
                throw new IOException(
                        file.file() + ": record '" + LENGTH + "' is " + length + ", and beside it there are "
                                + (file.count() - 1) + " records: the file is damaged or unfinished, make it again");
            }
            return (int) length;
        } catch (PickleException e) {
            throw new IOException(file.file() + ": record '" + LENGTH + "': " + e.getMessage(), e);
        }
    }

    /** Number of graphs. */
    public int count() {
        return first[files.size()];
    }

    private int fileOf(int graph) {
        int found = Arrays.binarySearch(first, graph);
        int file = found >= 0 ? found : -found - 2;
        // Files without graphs begin at the same number as the next one.
        while (first[file + 1] == graph) {
            file++;
        }
        return file;
    }

    /** The pickled graph of this number. */
    byte[] read(int graph) throws IOException {
        RecordFile file = files.get(fileOf(graph));
        String key = key(graph);
        return file.read(key)
                .orElseThrow(() -> new IOException(file.file() + " lacks the record '" + key + "', though its record '"
                        + LENGTH + "' says that it has it"));
    }

    private String key(int graph) {
        return Integer.toString(graph - first[fileOf(graph)]);
    }

    /** File and key, for messages. */
    String place(int graph) {
        return files.get(fileOf(graph)).file() + ": record '" + key(graph) + "'";
    }

    /** Bytes of each record, without reading them; 0 for one that is missing. */
    int[] recordBytes() throws IOException {
        int[] bytes = new int[count()];
        for (int i = 0; i < files.size(); i++) {
            int begin = first[i];
            int length = first[i + 1] - begin;
            files.get(i).sizes((key, size) -> {
                int number = numberOf(key);
                if (number >= 0 && number < length) {
                    bytes[begin + number] = size;
                }
            });
        }
        return bytes;
    }

    private static int numberOf(String key) {
        return key.matches("[0-9]{1,9}") ? Integer.parseInt(key) : -1;
    }

    @Override
    public void close() {
        files.forEach(RecordFile::close);
    }
}
