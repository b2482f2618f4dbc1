package org.mlhpc.harness.cli;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.ceilings.Collective;
import org.mlhpc.roofline.ceilings.MeasuredAccelerator;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.ceilings.MeasuredMachine;
import org.mlhpc.roofline.ceilings.NotMeasured;
import org.mlhpc.roofline.ceilings.Origin;

/** A measured machine for people, and its rows as CSV. */
record CeilingTable(MeasuredMachine machine) {
    private static final double GIGA = 1e9;
    private static final double GIBI = 1L << 30;
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
        text.append(String.format(
                Locale.ROOT,
                "%s: %d x %s%s%n",
                machine.host(),
                machine.cores(),
                machine.cpu(),
                machine.physicalCores()
                        .filter(count -> count < machine.cores())
                        .map(count -> ", on " + count + (count == 1 ? " core" : " cores"))
                        .orElse("")));
        machine.accelerators().forEach(device -> text.append(line(device)));
        machine.origins().forEach(origin -> text.append(line(origin)));
        machine.conditions().forEach(line -> text.append("  ").append(line).append('\n'));
        text.append('\n').append(table().format(format));
        if (!machine.collectives().isEmpty()) {
            text.append('\n').append(collectives().format(format));
        }
        machine.faults().forEach(fault -> text.append("\nFAULT: ").append(fault));
        text.append('\n');
        machine.notMeasured().forEach(missing -> text.append(line(missing)));
        return text.toString();
    }

    private static String line(Origin origin) {
        String ranks = origin.nodes() * origin.ranksPerNode() == 1
                ? ""
                : String.format(Locale.ROOT, ", nodes: %d, ranks on a node: %d", origin.nodes(), origin.ranksPerNode());
        return "  " + origin.resource().word() + ": measured "
                + origin.measured().truncatedTo(ChronoUnit.SECONDS) + " on " + origin.host() + ranks + "\n";
    }

    private static String line(NotMeasured missing) {
        String fix = missing.fix().isEmpty() ? "" : "; fix: " + missing.fix();
        return "not measured: " + missing.what() + ": " + missing.why() + fix + "\n";
    }

    private static String line(MeasuredAccelerator device) {
        return String.format(
                Locale.ROOT,
                "%s: %s, compute capability %s, %.1f GiB%s, driver of CUDA %s%n",
                device.name(),
                device.model(),
                device.computeCapability(),
                device.memoryBytes() / GIBI,
                device.ecc() ? " with ECC" : "",
                device.driver());
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
            row(
                    table,
                    List.of(
                            ceiling.resource().word(),
                            ceiling.level(),
                            ceiling.operation(),
                            ceiling.precision(),
                            ceiling.threads()),
                    ceiling.rate(),
                    ceiling.unit(),
                    ceiling.theoretical(),
                    ceiling.percentOfPeak());
        }
        for (MeasuredAccelerator device : machine.accelerators()) {
            device.ceilings()
                    .forEach(ceiling -> row(
                            table,
                            List.of(device.name(), ceiling.level(), ceiling.operation(), ceiling.precision(), ""),
                            ceiling.rate(),
                            ceiling.unit(),
                            ceiling.theoretical(),
                            ceiling.percentOfPeak()));
        }
        return table;
    }

    private static void row(
            Table table,
            List<Object> subject,
            Spread rate,
            String unit,
            Optional<Double> peak,
            Optional<Double> percent) {
        boolean operations = unit.equals("1/s");
        double scale = operations ? KILO : GIGA;
        var cells = new ArrayList<Object>(subject);
        cells.addAll(List.of(
                rate.median() / scale,
                rate.lowerQuartile() / scale,
                rate.upperQuartile() / scale,
                operations ? "1000/s" : "G" + unit,
                rate.count(),
                cell(peak.map(value -> value / scale)),
                cell(percent)));
        table.row(cells.toArray());
    }

    private static Object cell(Optional<Double> value) {
        return value.<Object>map(number -> number).orElse("");
    }

    private Table faults() {
        var table = new Table("ceiling", "fault");
        machine.ceilings().forEach(ceiling -> ceiling.fault().ifPresent(fault -> table.row(ceiling.name(), fault)));
        for (MeasuredAccelerator device : machine.accelerators()) {
            device.ceilings().forEach(ceiling -> ceiling.fault()
                    .ifPresent(fault -> table.row(device.name() + " " + ceiling.name(), fault)));
        }
        return table;
    }

    private Table collectives() {
        var table = new Table(
                "through",
                "operation",
                "bytes",
                "ranks",
                "median_us",
                "lower_quartile_us",
                "upper_quartile_us",
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
