package org.mlhpc.roofline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Folders with all that is in them. */
public final class FileTree {
    static final int MOST_ATTEMPTS = 100;

    /** Without a pause: who removes faster than others create gets ahead of them. */
    private static final int ATTEMPTS_AT_ONCE = 50;

    private static final Duration PAUSE = Duration.ofMillis(10);

    private FileTree() {}

    /**
     * Removes {@code folder} if it is there, also while another thread still creates or removes files in it.
     *
     * @throws IOException if something in it cannot be removed, or others write to it all the time
     */
    public static void delete(Path folder) throws IOException {
        delete(folder, FileTree::removeOnce);
    }

    /** Removes a folder with what is in it at the time. */
    @FunctionalInterface
    interface Removal {
        void of(Path folder) throws IOException;
    }

    static void delete(Path folder, Removal removal) throws IOException {
        for (int attempt = 0; Files.exists(folder); attempt++) {
            if (attempt == MOST_ATTEMPTS) {
                throw new IOException("cannot remove " + folder
                        + ": something writes to it all the time; end that, and remove the folder by hand");
            }
            if (attempt >= ATTEMPTS_AT_ONCE) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            try {
                removal.of(folder);
            } catch (NoSuchFileException | DirectoryNotEmptyException e) {
                // Others have removed or created files meanwhile.
            }
        }
    }

    private static void removeOnce(Path folder) throws IOException {
        for (Path file : deepestFirst(folder)) {
            Files.deleteIfExists(file);
        }
    }

    private static List<Path> deepestFirst(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
