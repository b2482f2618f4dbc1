package org.mlhpc.deepcam.data;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.torch.data.FileErrors;

/** Reading of HDF5 files that may hold anything. */
final class Distrust {
    private Distrust() {}

    /** Something to read. */
    @FunctionalInterface
    interface Reading<T> {
        T get() throws IOException;
    }

    /**
     * What {@code reading} gives.
     *
     * @throws IOException naming the file, whatever goes wrong: of what jHDF, or arithmetic and memory by the numbers of a damaged
     *     header, can throw, nothing names it
     */
    static <T> T of(Path file, Reading<T> reading) throws IOException {
        try {
            return reading.get();
        } catch (IOException e) {
            throw FileErrors.naming(file, e);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            IOException damaged = H5File.damaged(file, "it cannot be understood (" + e + ")");
            damaged.initCause(e);
            throw damaged;
        }
    }
}
