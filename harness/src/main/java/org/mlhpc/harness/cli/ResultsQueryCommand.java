package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.mlhpc.results.store.RunStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Questions to the store. */
@Command(
        name = "query",
        description = {
            "Answers an SQL query about the runs of the store; it cannot change them.",
            "The table runs has the columns id, added, started, file, sha256, benchmark, division, system, status, batch, seed,"
                    + " minutes, epochs, quality, train_samples_per_s, record (run.json, for json_extract)."
        })
final class ResultsQueryCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SQL", description = "Such as \"SELECT system, avg(minutes) FROM runs GROUP BY system\".")
    private String sql = "";

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--format", description = "text, json or csv; default: ${DEFAULT-VALUE}.")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        try (RunStore runs = RunStore.openReadOnly(store.file())) {
            RunStore.Rows answer = runs.query(sql);
            var table = new Table(answer.columns().toArray(new String[0]));
            answer.rows().forEach(row -> table.row(row.toArray()));
            PrintWriter out = spec.commandLine().getOut();
            out.print(table.format(format));
            out.flush();
        }
        return 0;
    }
}
