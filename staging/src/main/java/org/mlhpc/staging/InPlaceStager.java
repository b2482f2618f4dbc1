package org.mlhpc.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.Progress;

/** Reads the data where they are. */
public final class InPlaceStager implements Stager {
    @Override
    public String strategy() {
        return "in place";
    }

    @Override
    public Staged stage(Path source, Communicator world, Progress progress) throws IOException {
        boolean missing = !Files.isDirectory(source);
        if (world.max(missing ? 1 : 0) > 0) {
            throw new IOException(source + (missing ? " is not a directory" : " is not a directory on another rank")
                    + ": point --data at a data set that every node can read");
        }
        return new Staged(source, 0);
    }
}
