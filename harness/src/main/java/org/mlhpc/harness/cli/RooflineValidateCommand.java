package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.mlhpc.results.compare.ScaleUp;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.entry.PublishedResults;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds predictions against what was published. */
@Command(
        name = "validate",
        description = {
            "Predicts the published times to train of each benchmark and system at its larger scales from its smaller ones, and"
                    + " lists all of them, good and bad.",
            "First as a forecast: throughput, samples to convergence and staging from the smaller scales of the same system"
                    + " alone. Then with samples to convergence from the batch sizes of all other results, larger and later ones too,"
                    + " and staging as published. Last the same across machines of one submitter and generation of accelerator."
        })
final class RooflineValidateCommand implements Callable<Integer> {
    private static final String RATES =
            "Published results have no profile: their rate follows from two parameters, seconds of a step and of a sample on an"
                    + " accelerator, and not from channels; docs/roofline.md, \"Published results\".\n";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--scales",
            paramLabel = "N",
            description = "Leave out systems with fewer scales; default: ${DEFAULT-VALUE}.",
            defaultValue = "3")
    private int scales;

    @Option(
            names = "--strict",
            description =
                    "Use nothing but the smaller scales of the same system, and list what cannot be predicted so.")
    private boolean strict;

    @Option(names = "--format", description = "text, json or csv; default: text.", defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        if (scales < 2) {
            throw new IllegalArgumentException(
                    "--scales " + scales + ": a prediction needs a smaller scale, so at least 2");
        }
        List<ScaleUpTable> tables = tables(PublishedResults.all());
        if (tables.stream().allMatch(ScaleUpTable::isEmpty)) {
            throw new IllegalArgumentException("--scales " + scales + ": no published system has as many");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(format == Format.TEXT ? inWords(tables) : together(tables).format(format));
        out.flush();
        return 0;
    }

    private List<ScaleUpTable> tables(Collection<Entry> published) {
        List<ScaleUp.Rule> rules =
                strict ? List.of(ScaleUp.Rule.STRICT) : List.of(ScaleUp.Rule.STRICT, ScaleUp.Rule.OTHERS);
        var tables = new ArrayList<ScaleUpTable>();
        rules.forEach(rule -> tables.add(new ScaleUpTable(rule, false, ScaleUp.of(published, scales, rule))));
        rules.forEach(
                rule -> tables.add(new ScaleUpTable(rule, true, ScaleUp.acrossMachines(published, scales, rule))));
        return tables;
    }

    private static String inWords(List<ScaleUpTable> tables) throws IOException {
        var text = new StringBuilder();
        for (ScaleUpTable table : tables) {
            text.append(table.heading()).append(":\n\n");
            if (!table.isEmpty()) {
                text.append(table.table().format(Format.TEXT)).append('\n');
            }
            text.append(table.inWords()).append("\n\n");
        }
        return text.append(RATES).toString();
    }

    private static Tables together(List<ScaleUpTable> tables) {
        var all = new Tables();
        tables.forEach(table -> all.add(table.name(), table.table()));
        return all;
    }
}
