package org.mlhpc.torch.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where a data set is about to be written. */
public final class NewFolder {
    private NewFolder() {}

    /** @throws IOException if {@code directory} is a file or holds anything */
    public static void requireEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is a file: choose another directory for the data set");
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new IOException(directory + " is not empty: delete it or choose another directory");
            }
        }
    }
}
