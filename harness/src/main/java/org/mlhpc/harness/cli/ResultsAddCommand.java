package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.store.RunImport;
import org.mlhpc.results.store.RunStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

/** Remembers runs. */
@Command(
        name = "add",
        description =
                "Adds runs to the store: numbers of their logs, and their records. Runs that it has are left as they are.")
final class ResultsAddCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RESULT", arity = "1..*", description = "Folders of runs, logs or submissions.")
    private List<String> words = List.of();

    @Mixin
    private EntryFilter filter = new EntryFilter();

    @Mixin
    private StoreOption store = new StoreOption();

    @Override
    public Integer call() throws IOException {
        List<Entry> entries = filter.read(words, spec.commandLine().getErr());
        int added = 0;
        int known = 0;
        try (RunStore runs = RunStore.open(store.file())) {
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            for (Entry entry : entries) {
                for (Path log : entry.files()) {
                    if (runs.add(RunImport.of(log, entry.label().system(), now))) {
                        added++;
                    } else {
                        known++;
                    }
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(added + " runs added to " + store.file() + ", " + known + " were there");
        out.flush();
        return added + known == 0 ? Main.FAILED : 0;
    }
}
