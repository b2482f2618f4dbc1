package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import org.mlhpc.results.store.RunImport;
import org.mlhpc.results.store.RunStore;
import org.mlhpc.results.store.StoredRun;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Single runs. */
@Command(
        name = "list",
        description = {
            "Lists single runs by their start: those of RESULT, or without RESULT those of the store.",
            "--published lists the names of the published results instead."
        })
final class ResultsListCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RESULT", arity = "0..*", description = "Folders of runs, logs or submissions.")
    private List<String> words = List.of();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--published", description = "Lists the names of the published results.")
    private boolean published;

    @Option(names = "--benchmark", description = "Only this benchmark.")
    private String benchmark = "";

    @Option(
            names = "--system",
            paramLabel = "PATTERN",
            description = "Only these systems; * stands for any characters.")
    private String system = "";

    @Option(names = "--status", description = "Only this status, such as success.")
    private String status = "";

    @Option(
            names = "--since",
            paramLabel = "DATE",
            description = "Only runs that began then or later, such as 2026-11-24.")
    private String since = "";

    @Option(names = "--format", description = "text, json or csv; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print((published ? names() : runs()).format(format));
        out.flush();
        return 0;
    }

    private Table names() {
        var table = new Table("name", "division", "benchmark", "metric");
        for (Entry entry : PublishedResults.all()) {
            table.row(entry.name(), entry.label().division(), entry.task().benchmark(), entry.metricName());
        }
        return table;
    }

    private Table runs() throws IOException {
        var table = new Table(
                "id",
                "started",
                "system",
                "benchmark",
                "division",
                "status",
                "batch",
                "seed",
                "minutes",
                "epochs",
                "quality",
                "train_samples_per_s",
                "file");
        for (StoredRun run : words.isEmpty() ? stored() : read()) {
            table.row(
                    run.id() == 0 ? "" : (Object) run.id(),
                    run.started(),
                    run.system(),
                    run.benchmark(),
                    run.division(),
                    run.status(),
                    number(run.batch()),
                    number(run.seed()),
                    number(run.minutes()),
                    number(run.epochs()),
                    number(run.quality()),
                    number(run.trainSamplesPerSecond()),
                    run.file());
        }
        return table;
    }

    private List<StoredRun> stored() throws IOException {
        try (RunStore runs = RunStore.openReadOnly(store.file())) {
            return runs.list(filter());
        }
    }

    private RunStore.Filter filter() {
        return new RunStore.Filter(benchmark, system, status, since);
    }

    /** Through a store in memory, so that the options mean the same. */
    private List<StoredRun> read() throws IOException {
        var runs = new ArrayList<StoredRun>();
        for (Entry entry : new EntryFilter().read(words, spec.commandLine().getErr())) {
            for (Path log : entry.files()) {
                runs.add(RunImport.of(log, entry.label().system(), Instant.EPOCH));
            }
        }
        return RunStore.filter(runs, filter());
    }

    private static Object number(OptionalLong number) {
        return number.isPresent() ? (Object) number.getAsLong() : "";
    }

    private static Object number(OptionalDouble number) {
        return number.isPresent() ? (Object) number.getAsDouble() : "";
    }
}
