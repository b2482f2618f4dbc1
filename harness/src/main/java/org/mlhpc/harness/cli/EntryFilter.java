package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.results.entry.Reading;
import org.mlhpc.results.entry.Selection;
import org.mlhpc.results.tree.Metric;
import picocli.CommandLine.Option;

/** Options that narrow entries down. */
final class EntryFilter {
    @Option(names = "--benchmark", description = "Only this benchmark, such as cosmoflow.")
    private @Nullable String benchmark;

    @Option(names = "--metric", description = "Only this metric: time_to_train or throughput.")
    private @Nullable Metric metric;

    @Option(names = "--division", description = "Only this division: closed or open.")
    private @Nullable String division;

    /** The entries that the words mean; what was skipped goes to {@code err}. */
    List<Entry> read(List<String> words, PrintWriter err) throws IOException {
        var problems = new ArrayList<String>();
        List<Entry> entries = read(words, problems);
        problems.forEach(problem -> err.println("mlhpc: " + problem));
        err.flush();
        return entries;
    }

    /** The entries that the words mean; what was skipped is added to {@code problems}. */
    List<Entry> read(List<String> words, List<String> problems) throws IOException {
        var entries = new ArrayList<Entry>();
        for (String word : words) {
            Reading reading = Selection.of(word);
            problems.addAll(reading.problems());
            entries.addAll(filter(reading.entries()));
        }
        return entries;
    }

    List<Entry> published() {
        return filter(PublishedResults.all());
    }

    private List<Entry> filter(List<Entry> entries) {
        return entries.stream()
                .filter(entry -> benchmark == null
                        || benchmark
                                .toLowerCase(Locale.ROOT)
                                .equals(entry.task().benchmark()))
                .filter(entry -> metric == null || metric == entry.task().metric())
                .filter(entry -> division == null
                        || division.equalsIgnoreCase(entry.label().division()))
                .toList();
    }
}
