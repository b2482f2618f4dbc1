package org.mlhpc.harness.bench.staging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** File sizes of data sets to stage; those of the benchmarks follow their published format. */
public enum FileSizes {
    /** Uncompressed TFRecords of one 128^3 sample each. */
    COSMOFLOW("train/sample-%05d.tfrecord", 16_777_216 + 120),
    /** The same, GZIP. */
    COSMOFLOW_GZIP("train/sample-%05d.tfrecord", 3_200_000),
    /** HDF5 files with 768 x 1152 x 16 floats and labels. */
    DEEPCAM("train/data-%05d.h5", 56_623_104 + 3_538_944 + 2048),
    /** A few large LMDB files. */
    OC20("s2ef/data.%04d.lmdb", 1 << 30),
    /** A few huge shards; their index is added. */
    OPENFOLD("pdb_alignments/shard-%d.db", Integer.MAX_VALUE) {
        @Override
        List<Entry> files(long total) {
            var files = new ArrayList<>(super.files(total));
            files.add(new Entry("pdb_alignments/super.index", INDEX_BYTES));
            return files;
        }
    },
    /** Many small files, as of images or of text. */
    SMALL("train/%03d/file-%05d", 65_536) {
        @Override
        String name(int number) {
            return String.format(Locale.ROOT, pattern(), number / FILES_PER_FOLDER, number);
        }
    };

    private static final int FILES_PER_FOLDER = 1000;
    private static final long INDEX_BYTES = 64 << 20;

    private final String pattern;
    private final long fileBytes;

    FileSizes(String pattern, long fileBytes) {
        this.pattern = pattern;
        this.fileBytes = fileBytes;
    }

    /** A file to generate. */
    public record Entry(String path, long bytes) {}

    String pattern() {
        return pattern;
    }

    String name(int number) {
        return String.format(Locale.ROOT, pattern, number);
    }

    /** Files of together about {@code total} bytes, at least one. */
    List<Entry> files(long total) {
        var files = new ArrayList<Entry>();
        long bytes = Math.min(fileBytes, total);
        for (int i = 0; i < Math.max(1, total / bytes); i++) {
            files.add(new Entry(name(i), bytes));
        }
        return files;
    }

    /** Its name on the command line. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there are none of that name; the message lists those there are */
    public static FileSizes of(String option) {
        return Arrays.stream(values())
                .filter(sizes -> sizes.option().equals(option))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no file sizes '" + option + "'; choose one of "
                        + Arrays.stream(values()).map(FileSizes::option).collect(Collectors.joining(", "))));
    }
}
