package org.mlhpc.results.tree;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.mlhpc.roofline.WholeFile;

/**
 * A folder of a submission. Links are neither files nor folders here, so nothing outside the tree is looked at.
 *
 * @param entries sorted
 */
public record Folder(List<Path> entries) {
    /** Names of logs, as a regular expression. */
    public static final String LOG = "result_.*\\.txt";

    /** Far above the largest published folder (648 logs); bounds the memory that one folder can take. */
    private static final int MOST_ENTRIES = 100_000;

    private static final int SHOWN = 10;

    /** @throws IOException if it cannot be read or has too many entries */
    public static Folder of(Path path) throws IOException {
        return of(path, MOST_ENTRIES);
    }

    static Folder of(Path path, int most) throws IOException {
        var entries = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
            for (Path entry : stream) {
                if (entries.size() == most) {
                    throw new IOException(
                            path + " has more than " + most + " entries; give the folder of a submission");
                }
                entries.add(entry);
            }
        } catch (FileSystemException e) {
            throw unreadable(path, e);
        } catch (DirectoryIteratorException e) {
            throw unreadable(path, Objects.requireNonNull(e.getCause()));
        }
        entries.sort(null);
        return new Folder(List.copyOf(entries));
    }

    private static IOException unreadable(Path path, IOException failure) {
        String words = WholeFile.unreadable(path, failure).getMessage();
        return new IOException(words + "; give a folder that can be read", failure);
    }

    /** What a user gives may be a link to a folder, and is followed; links in it are not. */
    public static Path given(Path path) throws IOException {
        return Files.isSymbolicLink(path) && Files.isDirectory(path) ? path.toRealPath() : path;
    }

    public static boolean is(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    public static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The last name of a path; empty for a root. */
    public static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    /** The folder around an absolute path; a root is around itself. */
    public static Path parent(Path absolute) {
        return absolute.resolve("..").normalize();
    }

    public List<Path> folders() {
        return entries.stream().filter(Folder::is).toList();
    }

    public List<Path> files() {
        return entries.stream().filter(Folder::isFile).toList();
    }

    public List<Path> logs() {
        return files().stream().filter(file -> name(file).matches(LOG)).toList();
    }

    /** Names of what is no link. */
    public List<String> names() {
        return entries.stream()
                .filter(entry -> !Files.isSymbolicLink(entry))
                .map(Folder::name)
                .toList();
    }

    /** Names of the symbolic links. */
    public List<String> links() {
        return entries.stream().filter(Files::isSymbolicLink).map(Folder::name).toList();
    }

    /** For a message: the first of many names. */
    public static String shown(List<String> names) {
        return names.size() <= SHOWN
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
    }
}
