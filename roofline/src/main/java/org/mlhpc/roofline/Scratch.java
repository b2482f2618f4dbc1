package org.mlhpc.roofline;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is removed with all that is in it, at the latest when the program is told to end (Ctrl-C, SIGTERM). */
public final class Scratch implements Closeable {
    private static final int MOST_ATTEMPTS = 100;

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

    /** Also while another thread still creates or removes files in it. */
    private void remove() throws IOException {
        for (int attempt = 1; Files.exists(folder); attempt++) {
            try {
                for (Path file : deepestFirst()) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException | DirectoryNotEmptyException e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private List<Path> deepestFirst() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
