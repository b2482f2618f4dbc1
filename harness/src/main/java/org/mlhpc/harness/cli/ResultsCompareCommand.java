package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mlhpc.results.compare.Comparison;
import org.mlhpc.results.compare.Normalisation;
import org.mlhpc.results.entry.Entry;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who is faster, and why. */
@Command(
        name = "compare",
        description = {
            "Compares further results with the first: faster, slower, or cannot tell, with the 95 %% interval; and which part of"
                    + " the time to train makes how much of it.",
            "Results that MLCommons' compatibility table or the sizes of the data sets call incomparable get no verdict."
        })
final class ResultsCompareCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "RESULT",
            arity = "2..*",
            description = "The baseline and others; see ./mlhpc results --help.")
    private List<String> words = List.of();

    @Mixin
    private EntryFilter filter = new EntryFilter();

    @ArgGroup
    private Per per = new Per();

    /** At most one of these. */
    private static final class Per {
        @Option(
                names = "--per-accelerator",
                description = "Compares time times accelerators (nodes of systems without).")
        private boolean accelerator;

        @Option(names = "--per-node", description = "Compares time times nodes.")
        private boolean node;

        Normalisation normalisation() {
            if (accelerator) {
                return Normalisation.PER_ACCELERATOR;
            }
            return node ? Normalisation.PER_NODE : Normalisation.NONE;
        }
    }

    @Option(names = "--anyway", description = "Compares incomparable results too; the reason stays beside the verdict.")
    private boolean anyway;

    @Option(names = "--format", description = "text, json or csv; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Map<String, Entry> baseline = unique(filter.read(words.subList(0, 1), err));
        var comparisons = new ArrayList<Comparison>();
        for (Entry entry : filter.read(words.subList(1, words.size()), err)) {
            Entry first = baseline.get(key(entry));
            if (first != null) {
                comparisons.add(Comparison.of(first, entry, per.normalisation(), anyway));
            }
        }
        if (comparisons.isEmpty()) {
            throw new IOException("nothing to compare: " + words.get(0) + " has " + described(baseline.keySet())
                    + ", and the others have none of these");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                format == Format.TEXT
                        ? CompareText.format(comparisons, per.normalisation())
                        : CompareTable.format(comparisons, per.normalisation(), format));
        out.flush();
        return 0;
    }

    private static String key(Entry entry) {
        return entry.task().benchmark() + " (" + entry.task().metric().label() + ")";
    }

    private static String described(Iterable<String> keys) {
        String text = String.join(", ", keys);
        return text.isEmpty() ? "no results" : text;
    }

    private Map<String, Entry> unique(List<Entry> entries) {
        Map<String, List<Entry>> all = entries.stream()
                .collect(Collectors.groupingBy(ResultsCompareCommand::key, LinkedHashMap::new, Collectors.toList()));
        all.forEach((key, several) -> {
            if (several.size() > 1) {
                throw new IllegalArgumentException(words.get(0) + " has several results of " + key
                        + " and a comparison needs one to start from; name one of "
                        + several.stream().map(CompareText::described).collect(Collectors.joining(", "))
                        + ", or narrow down with --benchmark, --metric, --division");
            }
        });
        var first = new LinkedHashMap<String, Entry>();
        all.forEach((key, several) -> first.put(key, several.get(0)));
        return first;
    }
}
