package org.mlhpc.rules;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.mlhpc.results.mllog.MlLogEvent;
import org.mlhpc.results.mllog.MlLogLine;
import org.mlhpc.results.mllog.MlLogReader;

/** Checks logs against a ruleset, in one pass and in memory that does not grow with the log. */
public final class LogChecker {
    private final RuleSet rules;
    private final boolean strict;
    private final Set<String> keys;

    /** @param strict whether what the official checker lets pass is an error rather than a warning */
    public LogChecker(RuleSet rules, boolean strict) {
        this.rules = rules;
        this.strict = strict;
        this.keys = keysOf(rules);
    }

    private static Set<String> keysOf(RuleSet rules) {
        var keys = new HashSet<String>();
        for (RuleTable table : rules.tables()) {
            keys.addAll(table.when().keySet());
            table.rules().forEach(rule -> keys.add(rule.key()));
        }
        return Set.copyOf(keys);
    }

    /** Checks the log in {@code file}. */
    public LogVerdict check(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return check(file.toString(), in);
        }
    }

    /**
     * Checks a log; leaves {@code in} open.
     *
     * @param file what violations call the log
     */
    public LogVerdict check(String file, InputStream in) throws IOException {
        return check(file, in, event -> {});
    }

    /** As {@link #check(String, InputStream)}, and shows each event to {@code listener}, so that one pass is enough. */
    public LogVerdict check(String file, InputStream in, Consumer<MlLogEvent> listener) throws IOException {
        var start = new BufferedInputStream(in, Compression.LONGEST_MAGIC_BYTES);
        Optional<String> compression = Compression.of(start);
        if (compression.isPresent()) {
            return new LogVerdict(file, List.of(LineForm.compressed(file, compression.get())));
        }
        LogCheck check = begin(file);
        // Closing the reader would close the caller's stream.
        @SuppressWarnings("resource")
        var reader = new MlLogReader(start);
        for (Optional<MlLogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
            if (line.get() instanceof MlLogEvent event) {
                listener.accept(event);
            }
            check.see(line.get());
        }
        return check.verdict();
    }

    /**
     * Begins to check a log of which the lines are still to come.
     *
     * @param file what violations call the log
     */
    public LogCheck begin(String file) {
        return new LogCheck(rules, keys, strict, file);
    }
}
