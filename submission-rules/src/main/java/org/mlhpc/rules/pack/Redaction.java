package org.mlhpc.rules.pack;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mlhpc.results.RunRecord;

/** Replaces what tells about the place and the person, rather than the runs: names of hosts, user name, folders. */
public final class Redaction {
    /** Shorter names are also ordinary words. */
    private static final int SHORTEST_NAME = 3;

    /** Long secrets come first, because a short one may be part of them. */
    private final Map<Pattern, String> replacements = new LinkedHashMap<>();

    private Redaction() {}

    /**
     * Leaves alone what is empty or shorter than three characters, and names that stand for nobody and nowhere: root, localhost.
     *
     * @param host name of the machine, with or without a domain
     */
    public Redaction(String host, String user, Path home) {
        addFolder(home, "<home>");
        addHost(host);
        addName(user, "root", "<user>");
    }

    /** For the machine and the user of this process. */
    public static Redaction ofThisProcess(String host) {
        return new Redaction(host, System.getProperty("user.name", ""), Path.of(System.getProperty("user.home", "/")));
    }

    /** With what the records of runs say about where they were made, and the folders they lie in. */
    Redaction with(Collection<RunRecord> records, Collection<Path> runFolders) {
        var all = new Redaction();
        for (RunRecord record : records) {
            record.staging().ifPresent(staging -> {
                all.addFolder(Path.of(staging.source()), "<data>");
                all.addFolder(Path.of(staging.directory()), "<data>");
            });
        }
        runFolders.forEach(folder -> all.addFolder(folder.toAbsolutePath().normalize(), "<runs>"));
        all.replacements.putAll(replacements);
        records.stream()
                .flatMap(record -> Stream.concat(
                        Stream.of(record.machine().host()),
                        record.ranks().stream().map(RunRecord.Rank::node)))
                .distinct()
                .forEach(all::addHost);
        return all;
    }

    private void addFolder(Path folder, String replacement) {
        // One level, such as /data or /root, is the same everywhere, except for a home.
        if (folder.isAbsolute() && folder.getNameCount() > (replacement.equals("<home>") ? 0 : 1)) {
            add(folder.toString(), replacement);
        }
    }

    private void addHost(String host) {
        addName(host, "localhost", "<host>");
        addName(host.replaceFirst("\\..*", ""), "localhost", "<host>");
    }

    private void addName(String name, String harmless, String replacement) {
        if (name.length() >= SHORTEST_NAME && !name.equals(harmless)) {
            add(name, replacement);
        }
    }

    private void add(String secret, String replacement) {
        Pattern pattern = Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(secret) + "(?![A-Za-z0-9_])");
        if (replacements.keySet().stream().noneMatch(known -> known.pattern().equals(pattern.pattern()))) {
            replacements.put(pattern, replacement);
        }
    }

    /** {@code text} without what must not leave the house. */
    public String apply(String text) {
        String result = text;
        for (Map.Entry<Pattern, String> replacement : replacements.entrySet()) {
            result = replacement.getKey().matcher(result).replaceAll(Matcher.quoteReplacement(replacement.getValue()));
        }
        return result;
    }

    /** The first thing in {@code text} that should have been replaced. */
    public Optional<String> leak(String text) {
        return replacements.keySet().stream()
                .map(pattern -> pattern.matcher(text))
                .filter(Matcher::find)
                .map(Matcher::group)
                .findFirst();
    }
}
