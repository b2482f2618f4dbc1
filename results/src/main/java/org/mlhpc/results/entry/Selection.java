package org.mlhpc.results.entry;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the entries that a word on the command line means: what is at a path, or else published results by name. A name is
 * {@code SYSTEM}, {@code ROUND/SYSTEM} or {@code ROUND/SUBMITTER/SYSTEM}; {@code *} and {@code ?} stand for any characters.
 */
public final class Selection {
    private static final int SUGGESTIONS = 5;
    private static final int SUGGESTION_PREFIX = 4;

    private Selection() {}

    /** @throws IOException if the word is neither a path nor a name; the message says what names look like */
    public static Reading of(String word) throws IOException {
        Path path = path(word);
        if (Files.exists(path)) {
            return EntryReader.read(path);
        }
        List<Entry> published = published(word);
        if (published.isEmpty()) {
            throw new IOException(word + ": neither a path nor a published result; names are ROUND/SYSTEM, such as"
                    + " 2.0/dgxa100_n64_pytorch" + near(word) + "; ./mlhpc results list --published shows all");
        }
        return new Reading(published, List.of());
    }

    private static Path path(String word) {
        try {
            return Path.of(word);
        } catch (InvalidPathException e) {
            return Path.of("");
        }
    }

    private static List<Entry> published(String word) {
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault()
                    .getPathMatcher("glob:" + word.toLowerCase(Locale.ROOT).replaceFirst("^v(?=\\d)", ""));
        } catch (PatternSyntaxException e) {
            return List.of();
        }
        return PublishedResults.all().stream()
                .filter(entry -> names(entry).stream().anyMatch(matcher::matches))
                .toList();
    }

    private static List<Path> names(Entry entry) {
        Path full = Path.of(entry.name().toLowerCase(Locale.ROOT));
        return List.of(full, full.getName(0).resolve(full.getFileName()), full.getFileName());
    }

    private static String near(String word) {
        String system = word.substring(word.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        String prefix = system.substring(0, Math.min(SUGGESTION_PREFIX, system.length()));
        List<String> near = PublishedResults.all().stream()
                .map(Entry::name)
                .filter(name -> !prefix.isEmpty()
                        && name.substring(name.lastIndexOf('/') + 1)
                                .toLowerCase(Locale.ROOT)
                                .startsWith(prefix))
                .distinct()
                .limit(SUGGESTIONS)
                .toList();
        return near.isEmpty() ? "" : " (near: " + String.join(", ", near) + ")";
    }
}
