package org.mlhpc.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;
import org.mlhpc.results.tree.Folder;

/** Finds the logs of a submission. */
public final class LogFiles {
    private static final PathMatcher RESULT = FileSystems.getDefault().getPathMatcher("glob:result_*.txt");

    /** Far above the largest round (1,347 logs); bounds the memory that a search can take. */
    private static final int MOST_LOGS = 100_000;

    private LogFiles() {}

    /**
     * The log {@code path} itself, or the files {@code result_*.txt} anywhere in the folder {@code path}, sorted. Links in
     * the folder are not followed: they could lead out of it.
     *
     * @throws IOException if there is no log
     */
    public static List<Path> in(Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new IOException(path + " does not exist; give a log or a folder with result_*.txt");
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(Folder.given(path))) {
            List<Path> logs = files.filter(file -> RESULT.matches(file.getFileName()))
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .limit(MOST_LOGS + 1)
                    .sorted()
                    .toList();
            if (logs.size() > MOST_LOGS) {
                throw new IOException("more than " + MOST_LOGS + " logs in " + path + "; check its folders one by one");
            }
            if (logs.isEmpty()) {
                throw new IOException("no result_*.txt in " + path + "; give a log or a folder of a submission");
            }
            return logs;
        } catch (UncheckedIOException e) {
            throw new IOException("cannot search " + path + ": " + e.getMessage(), e);
        }
    }
}
