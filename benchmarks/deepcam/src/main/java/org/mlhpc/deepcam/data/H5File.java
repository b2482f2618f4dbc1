package org.mlhpc.deepcam.data;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.api.WritableGroup;
import io.jhdf.exceptions.HdfException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.mlhpc.api.FileErrors;
import org.mlhpc.api.ReadLimit;

/**
 * HDF5 files by jHDF. They are read into memory as a whole and in order, which is the fastest way for storage, and looked at
 * there: a mapped file would stay mapped until the garbage collector finds it.
 */
final class H5File {
    private static final String GROUP = "climate";

    private H5File() {}

    /** Reads files into buffers that it keeps from file to file; belongs to one thread. */
    static final class Loader {
        private final ChunkAssembler chunks = new ChunkAssembler();
        private ByteBuffer content = ByteBuffer.allocateDirect(0);

        /**
         * Loads a file.
         *
         * @param limit asked before the file is read
         * @return its length; its content is valid until the next one is loaded
         */
        long load(Path file, ReadLimit limit) throws IOException {
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long length = channel.size();
                limit.pass(length);
                if (length > Integer.MAX_VALUE) {
                    throw new IOException(file + " has " + length
                            + " bytes, and a sample is read as a whole into a buffer of at most 2 GiB: split it");
                }
                if (length > content.capacity()) {
                    content = ByteBuffer.allocateDirect(Math.toIntExact(length));
                }
                content.clear().limit((int) length);
                while (content.hasRemaining()) {
                    if (channel.read(content) < 0) {
                        throw new EOFException(file + " became shorter while it was read");
                    }
                }
                content.flip();
                return length;
            } catch (NoSuchFileException e) {
                throw new IOException(file + " is missing: it was there when the run began", e);
            }
        }

        /** The datasets of group {@code climate} with these names, of the file that was last loaded. */
        H5Dataset[] datasets(Path file, String... names) throws IOException {
            // A slice ends where the file does: behind a shorter file the buffer still holds the one before. It is not
            // closed: it
            // holds nothing but this thread's buffer.
            HdfFile hdf = HdfFile.fromByteBuffer(content.slice());
            var datasets = new H5Dataset[names.length];
            for (int i = 0; i < names.length; i++) {
                datasets[i] = dataset(file, hdf, names[i]);
            }
            return datasets;
        }

        private H5Dataset dataset(Path file, HdfFile hdf, String name) throws IOException {
            Node group = hdf.getChildren().get(GROUP);
            Node found = group instanceof io.jhdf.api.Group climate
                    ? climate.getChildren().get(name)
                    : null;
            String path = GROUP + "/" + name;
            if (!(found instanceof Dataset dataset)) {
                throw new IOException(file + " has no dataset " + path + ": not a DeepCAM file");
            }
            return new H5Dataset(file, path, dataset, chunks);
        }
    }

    /** Writes arrays of Java, of any dimension, into group {@code climate}; under a temporary name first. */
    static void write(Path file, Map<String, Object> datasets) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            writeAll(partial, datasets);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void writeAll(Path file, Map<String, Object> datasets) throws IOException {
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            WritableGroup climate = hdf.putGroup(GROUP);
            datasets.forEach(climate::putDataset);
        } catch (HdfException e) {
            // jHDF hides why: that the disk is full, for example.
            String reason =
                    e.getCause() == null ? e.getMessage() : e.getMessage() + ": " + FileErrors.message(e.getCause());
            throw new IOException(reason, e);
        }
    }

    static IOException damaged(Path file, String what) {
        return new IOException("damaged file " + file + ": " + what + "; copy or generate it again");
    }

    static IOException damaged(Path file, String what, Throwable cause) {
        return new IOException("damaged file " + file + ": " + what + "; copy or generate it again", cause);
    }
}
