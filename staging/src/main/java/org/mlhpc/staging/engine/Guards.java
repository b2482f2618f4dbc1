package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.mlhpc.staging.files.Inventory;

/** What is checked before the first byte is copied. */
public final class Guards {
    private static final double MIB = 1 << 20;

    private Guards() {}

    /** @throws IllegalArgumentException if one of the folders contains the other, seen through links */
    public static void requireSeparate(Path source, Path destination) throws IOException {
        Path from = source.toRealPath();
        Path to = real(destination);
        if (to.startsWith(from) || from.startsWith(to)) {
            throw new IllegalArgumentException(
                    "cannot stage from " + source + " to " + destination + ": one contains the other");
        }
    }

    /** The path without links, of which the last parts may not exist yet. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path existing = absolute;
        for (Path parent = absolute; parent != null && !Files.exists(existing); parent = parent.getParent()) {
            existing = parent;
        }
        return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    }

    /** Makes the folder and those of the data set in it. */
    public static void createFolders(Path destination, Inventory inventory) throws IOException {
        try {
            Files.createDirectories(destination);
            for (String folder : inventory.folders()) {
                Files.createDirectories(destination.resolve(folder));
            }
        } catch (IOException e) {
            throw new IOException(
                    "cannot make the folders of the data set in " + destination + " (" + e
                            + "): choose a folder that you may write to",
                    e);
        }
    }

    /** @throws IOException if there is not enough room; the message says how much is needed */
    public static void requireRoom(Path folder, long bytes, long files) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (bytes > free) {
            throw new IOException(String.format(
                    "%s has %.1f MiB free, but %.1f MiB are needed: free space or choose another folder",
                    folder, free / MIB, bytes / MIB));
        }
        OptionalLong inodes = freeInodes(folder);
        if (inodes.isPresent() && files > inodes.getAsLong()) {
            throw new IOException(folder + " has room for " + inodes.getAsLong() + " more files (inodes), but " + files
                    + " are needed: choose another folder");
        }
    }

    /** By {@code stat} of coreutils, as Java does not tell; empty where it is missing or the file system has no limit. */
    public static OptionalLong freeInodes(Path folder) {
        try {
            Process stat = new ProcessBuilder("stat", "-f", "-c", "%c %d", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] numbers = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            boolean known = stat.waitFor(10, TimeUnit.SECONDS) && stat.exitValue() == 0 && !numbers[0].equals("0");
            return known ? OptionalLong.of(Long.parseLong(numbers[1])) : OptionalLong.empty();
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }
}
