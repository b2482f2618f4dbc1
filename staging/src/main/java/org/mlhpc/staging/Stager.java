package org.mlhpc.staging;

import java.io.IOException;
import java.nio.file.Path;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Progress;

/** A way to bring a data set to where the run reads it. */
public interface Stager {
    /** What the log and the report call it. */
    String strategy();

    /**
     * Returns once every rank can read the data. Collective.
     *
     * @throws IOException on every rank, if one of them failed; on that one the message names the file
     */
    Staged stage(Path source, Communicator world, Progress progress) throws IOException;
}
