package org.mlhpc.roofline;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mlhpc.api.FileErrors;

/** A folder that is removed with all that is in it, at the latest when the program is told to end (Ctrl-C, SIGTERM). */
public final class Scratch implements Closeable {
    private final Path folder;
    private final Thread atExit;

    private Scratch(Path folder) {
        this.folder = folder;
        this.atExit = new Thread(this::removeQuietly, "mlhpc-scratch");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** In the folder for temporary files. */
    public static Scratch create(String prefix) throws IOException {
        return new Scratch(Files.createTempDirectory(prefix));
    }

    /** In {@code parent}. */
    public static Scratch in(Path parent, String prefix) throws IOException {
        return new Scratch(Files.createTempDirectory(parent, prefix));
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        FileTree.delete(folder);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The program is ending, and the hook finds nothing left to do.
        }
    }

    private void removeQuietly() {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            System.err.println(
                    "mlhpc: could not remove " + folder + " (" + FileErrors.message(e) + "): remove it by hand");
        }
    }
}
