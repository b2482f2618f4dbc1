package org.mlhpc.deepcam.data;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.api.FileErrors;

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
     * @throws IOException naming the file, whatever goes wrong: of what jHDF, or arithmetic by the numbers of a damaged header, can
     *     throw, nothing names it
     */
    static <T> T of(Path file, Reading<T> reading) throws IOException {
        return of(file, "it", reading);
    }

    /**
     * As {@link #of(Path, Reading)}, of a part of the file.
     *
     * @param part as messages call it, such as the path of a dataset
     */
    static <T> T of(Path file, String part, Reading<T> reading) throws IOException {
        try {
            return reading.get();
        } catch (IOException e) {
            throw FileErrors.naming(file, e);
        } catch (OutOfMemoryError e) {
            // before.
            throw new IOException("not enough memory to read " + file + ": fewer loader_threads or more memory", e);
        } catch (RuntimeException | StackOverflowError e) {
            throw H5File.damaged(file, part + " cannot be read (" + e + ")", e);
        }
    }
}
