package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.RunRecordFile;
import org.mlhpc.results.run.RunDescription;
import org.mlhpc.results.run.RunDifference;
import org.mlhpc.results.store.RunStore;
import org.mlhpc.results.store.StoredRun;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What differs between two runs. */
@Command(
        name = "diff",
        description = {
            "Shows what differs between two runs: configuration, then environment, then the numbers that came out.",
            "RUN is a run.json, a log (result_0.txt), a folder with result_0.txt, or the id of a run in the store. Records are"
                    + " compared if both runs have one, else logs."
        })
final class ResultsDiffCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN1", description = "A run.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "RUN2", description = "Another run.")
    private String second = "";

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--format", description = "text, json or csv; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    /** A run as far as it could be found. */
    private record Found(String name, Optional<RunRecord> record, Path log) {
        RunDescription described(boolean byRecord) throws IOException {
            if (byRecord) {
                return RunDescription.ofRecord(name, record.orElseThrow());
            }
            if (!Files.isRegularFile(log)) {
                throw new IOException(log + " is not there, and the other run has no record to compare with");
            }
            return RunDescription.ofLog(name, log);
        }
    }

    @Override
    public Integer call() throws IOException {
        Found a = find(first);
        Found b = find(second);
        boolean records = a.record.isPresent() && b.record.isPresent();
        RunDifference difference = RunDifference.of(a.described(records), b.described(records));
        var table = new Table("what", "name", "first", "second", "second by first");
        add(table, "configuration", difference.configuration());
        add(table, "environment", difference.environment());
        add(table, "number", difference.numbers());
        PrintWriter out = spec.commandLine().getOut();
        out.print(table.format(format));
        out.flush();
        return 0;
    }

    private static void add(Table table, String what, List<RunDifference.Difference> differences) {
        for (RunDifference.Difference difference : differences) {
            boolean number = what.equals("number");
            table.row(
                    what,
                    difference.name(),
                    number ? value(difference.first()) : difference.first(),
                    number ? value(difference.second()) : difference.second(),
                    number ? ratio(difference) : "");
        }
    }

    private static Object value(String number) {
        return number.isEmpty() ? "" : (Object) Double.parseDouble(number);
    }

    private static Object ratio(RunDifference.Difference difference) {
        if (difference.first().isEmpty() || difference.second().isEmpty()) {
            return "";
        }
        double ratio = Double.parseDouble(difference.second()) / Double.parseDouble(difference.first());
        return Double.isFinite(ratio) ? (Object) ratio : "";
    }

    private Found find(String word) throws IOException {
        Path path = Path.of(word);
        if (Files.isDirectory(path)) {
            return ofLog(path.resolve("result_0.txt"));
        }
        if (Files.isRegularFile(path)) {
            return word.endsWith(".json") ? ofRecord(path) : ofLog(path);
        }
        if (word.matches("\\d{1,18}")) {
            return stored(Long.parseLong(word));
        }
        throw new IOException(word + " does not exist; give a run.json, a log, a run's folder or an id of the store");
    }

    private static Found ofLog(Path log) throws IOException {
        if (!Files.isRegularFile(log)) {
            throw new IOException(log + " does not exist; give a log or a folder with result_0.txt");
        }
        Path record = RunRecordFile.beside(log);
        return new Found(
                log.toString(),
                Files.isRegularFile(record) ? Optional.of(RunRecordFile.read(record)) : Optional.empty(),
                log);
    }

    private static Found ofRecord(Path file) throws IOException {
        RunRecord record = RunRecordFile.read(file);
        return new Found(
                file.toString(), Optional.of(record), file.resolveSibling("result_" + record.index() + ".txt"));
    }

    private Found stored(long id) throws IOException {
        try (RunStore runs = RunStore.openReadOnly(store.file())) {
            StoredRun run = runs.find(id)
                    .orElseThrow(
                            () -> new IOException(store.file() + " has no run " + id + "; see ./mlhpc results list"));
            String name = "run " + id;
            return new Found(
                    name,
                    run.record().isPresent()
                            ? Optional.of(RunRecordFile.parse(name, run.record().get()))
                            : Optional.empty(),
                    Path.of(run.file()));
        }
    }
}
