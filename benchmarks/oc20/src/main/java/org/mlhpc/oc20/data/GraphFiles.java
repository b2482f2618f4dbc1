package org.mlhpc.oc20.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.mlhpc.api.Communicator;
import org.mlhpc.oc20.lmdb.RecordFile;
import org.mlhpc.oc20.pickle.PickleException;
import org.mlhpc.oc20.pickle.Pickles;
import org.mlhpc.torch.data.OneForAll;
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

    private final List<Path> files;
    /** Number of the first graph of each file, and at last of all graphs. */
    private final int[] first;
    /** Files that have been read from, by number. */
    private final Map<Integer, RecordFile> opened = new HashMap<>();

    private GraphFiles(List<Path> files, int[] first) {
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
        return of(folder, describe(folder)).count();
    }

    /** Name of a file of a split, from 0. */
    public static String name(int file) {
        return String.format(Locale.ROOT, "data.%04d%s", file, SUFFIX);
    }

    /**
     * Finds the files of a folder. Collective: one rank looks into each of them, and the others open those that they read.
     *
     * @throws IOException on every rank, if there is none or one is damaged; the message names it
     */
    static GraphFiles open(Path folder, Communicator world) throws IOException {
        byte[] found = OneForAll.bytes(world, () -> describe(folder).getBytes(StandardCharsets.UTF_8));
        GraphFiles files = of(folder, new String(found, StandardCharsets.UTF_8));
        if (files.files.isEmpty()) {
            throw new IOException(folder + " holds no *" + SUFFIX + " files; point --data at a folder with train/ and "
                    + "validation/, or make one with ./mlhpc data generate oc20 --out DIR");
        }
        return files;
    }

    /** A line for each file in order: number of graphs, and name. */
    private static String describe(Path folder) throws IOException {
        var lines = new StringJoiner("\n");
        for (Path file : list(folder)) {
            try (RecordFile records = RecordFile.open(file)) {
                lines.add(length(records) + " " + file.getFileName());
            }
        }
        return lines.toString();
    }

    private static GraphFiles of(Path folder, String description) {
        List<String[]> lines =
                description.lines().map(line -> line.split(" ", 2)).toList();
        int[] first = new int[lines.size() + 1];
        for (int i = 0; i < lines.size(); i++) {
            first[i + 1] = Math.addExact(first[i], Integer.parseInt(lines.get(i)[0]));
        }
        return new GraphFiles(
                lines.stream().map(line -> folder.resolve(line[1])).toList(), first);
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

    private RecordFile opened(int file) throws IOException {
        synchronized (opened) {
            RecordFile records = opened.get(file);
            if (records == null) {
                records = RecordFile.open(files.get(file));
                opened.put(file, records);
            }
            return records;
        }
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
        RecordFile file = opened(fileOf(graph));
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
        return files.get(fileOf(graph)) + ": record '" + key(graph) + "'";
    }

    /** Bytes of each record, without reading them; 0 for one that is missing. */
    int[] recordBytes() throws IOException {
        int[] bytes = new int[count()];
        for (int i = 0; i < files.size(); i++) {
            int begin = first[i];
            int length = first[i + 1] - begin;
            opened(i).sizes((key, size) -> {
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
        synchronized (opened) {
            opened.values().forEach(RecordFile::close);
        }
    }
}
