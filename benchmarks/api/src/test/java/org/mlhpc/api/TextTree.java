package org.mlhpc.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of text files that stands for others, such as those of the kernel. */
public record TextTree(Path root) {
    /** Writes the text and the end of its line, and the folders above it if there are none. */
    public void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }
}
