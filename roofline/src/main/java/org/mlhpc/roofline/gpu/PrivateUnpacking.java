package org.mlhpc.roofline.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.mlhpc.api.FileErrors;

/**
 * Lets JCuda unpack its libraries where only this process looks. By itself it unpacks them under fixed names into the folder of temporary
 * files, and loads what lies there already: on a node of many users that may be another's file, or half of one that is being written.
 */
final class PrivateUnpacking {
    private static final String FOLDER = "java.io.tmpdir";

    private PrivateUnpacking() {}

    /**
     * Makes the first call to a library, which loads it.
     *
     * @throws LinkageError if the library cannot be loaded
     * @throws GpuException if there is no place to unpack to
     */
    static synchronized int first(IntSupplier call) throws GpuException {
        String usual = System.getProperty(FOLDER, "/tmp");
        try {
            Path folder = Files.createTempDirectory("mlhpc-jcuda");
            System.setProperty(FOLDER, folder.toString());
            try {
                return call.getAsInt();
            } finally {
                System.setProperty(FOLDER, usual);
                delete(folder);
            }
        } catch (IOException e) {
            throw new GpuException(
                    "cannot unpack libraries to " + usual + ": " + FileErrors.message(e),
                    "make room there, or set java.io.tmpdir");
        }
    }

    /** Loaded libraries stay when their files go. */
    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> content = Files.list(folder)) {
            files = content.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }
}
