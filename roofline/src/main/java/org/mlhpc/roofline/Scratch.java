package org.mlhpc.roofline;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The program is ending, and the hook finds nothing left to do.
        }
    }

    private void removeQuietly() {
        try {
            remove();
        } catch (IOException e) {
            System.err.println("mlhpc: could not remove " + folder + " (" + e + "): remove it by hand");
        }
    }

    /** Safe against another thread that removes, or still creates, at the same time. */
    private void remove() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return;
            }
            throw e.getCause();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
