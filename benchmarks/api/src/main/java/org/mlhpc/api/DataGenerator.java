package org.mlhpc.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes a synthetic data set in the real file format. */
public interface DataGenerator {
    /** The settings the data depend on, by key. Equal settings and seed give identical files. */
    List<String> settingKeys();

    /**
     * Writes training and validation data and their {@link Manifest} below {@code directory}, which must be empty or
     * absent. The manifest is written last: a directory without one is incomplete.
     *
     * @param threads how many threads may work
     */
    void generate(Path directory, long seed, int threads, Progress progress) throws IOException;
}
