package org.mlhpc.harness.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.ceilings.NotMeasured;

/** A measured machine for people, and its rows as CSV. */
record CeilingTable(MeasuredMachine machine) {
    private static final double GIGA = 1e9;
    private static final double KILO = 1e3;
    private static final double MICRO = 1e-6;

    String text(Format format) throws IOException {
        if (format == Format.CSV) {
            return new Tables()
                    .add("ceilings", table())
                    .add("collectives", collectives())
                    .add("faults", faults())
                    .format(format);
        }
        var text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s: %d x %s%n", machine.host(), machine.cores(), machine.cpu()));
        machine.conditions().forEach(line -> text.append("  ").append(line).append('\n'));
        text.append('\n').append(table().format(format));
        if (!machine.collectives().isEmpty()) {
            text.append('\n').append(collectives().format(format));
        }
        machine.ceilings().forEach(ceiling -> ceiling.fault().ifPresent(fault -> text.append("\nFAULT: ")
                .append(ceiling.name())
                .append(": ")
                .append(fault)));
        text.append('\n');
        machine.notMeasured().forEach(missing -> text.append(line(missing)));
        return text.toString();
    }

    private static String line(NotMeasured missing) {
        String fix = missing.fix().isEmpty() ? "" : "; fix: " + missing.fix();
        return "not measured: " + missing.what() + ": " + missing.why() + fix + "\n";
    }

    private Table table() {
        var table = new Table(
                "resource",
                "level",
                "operation",
                "precision",
                "workers",
                "rate",
                "lower_quartile",
                "upper_quartile",
                "unit",
                "count",
                "peak",
                "percent_of_peak");
        for (MeasuredCeiling ceiling : machine.ceilings()) {
            boolean operations = ceiling.unit().equals("1/s");
            double scale = operations ? KILO : GIGA;
            Spread rate = ceiling.rate();
            table.row(
                    ceiling.resource().name().toLowerCase(Locale.ROOT),
                    ceiling.level(),
                    ceiling.operation(),
                    ceiling.precision(),
                    ceiling.threads(),
                    rate.median() / scale,
                    rate.lowerQuartile() / scale,
                    rate.upperQuartile() / scale,
                    operations ? "1000/s" : "G" + ceiling.unit(),
                    rate.count(),
                    cell(ceiling.theoretical().map(peak -> peak / scale)),
                    cell(ceiling.percentOfPeak()));
        }
        return table;
    }

    private static Object cell(Optional<Double> value) {
        return value.<Object>map(number -> number).orElse("");
    }

    private Table faults() {
        var table = new Table("ceiling", "fault");
        machine.ceilings().forEach(ceiling -> ceiling.fault().ifPresent(fault -> table.row(ceiling.name(), fault)));
        return table;
    }

    private Table collectives() {
        var table = new Table(
                "through",
                "operation",
                "bytes",
                "ranks",
                "microseconds",
                "lower_quartile",
                "upper_quartile",
                "algorithm_GB_per_s",
                "bus_GB_per_s");
        machine.collectives().forEach(row -> add(table, "Java", row));
        machine.collectivesInC().forEach(row -> add(table, "C", row));
        return table;
    }

    private static void add(Table table, String through, Collective row) {
        Spread seconds = row.seconds();
        table.row(
                through,
                row.operation(),
                row.bytes(),
                row.ranks(),
                seconds.median() / MICRO,
                seconds.lowerQuartile() / MICRO,
                seconds.upperQuartile() / MICRO,
                row.algorithmRate().median() / GIGA,
                row.busRate().median() / GIGA);
    }
}
