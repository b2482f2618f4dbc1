package org.mlhpc.roofline.counters;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The files of {@code /proc} and {@code /sys}.
 *
 * @param root {@code /}, or a folder that holds copies
 */
record KernelFiles(Path root) {
    static KernelFiles ofThisMachine() {
        return new KernelFiles(Path.of("/"));
    }

    Path path(String relative) {
        return root.resolve(relative);
    }

    /** Lines of a file; none if it is not there. */
    List<String> lines(String relative) throws IOException {
        Path file = path(relative);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** Folders in {@code relative} that match {@code glob}, sorted; none if there is no such folder. */
    List<Path> folders(String relative, String glob) throws IOException {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(path(relative), glob)) {
            folders.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(found);
        return found;
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** @throws IOException if the file cannot be read or holds no whole number; the message names it */
    static long number(Path file) throws IOException {
        return number(file, Files.readString(file).strip());
    }

    /** @throws IOException if {@code text}, of {@code file}, is no whole number; the message names the file */
    static long number(Path file, String text) throws IOException {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(file + " holds '" + text + "' where a number belongs", e);
        }
    }
}
