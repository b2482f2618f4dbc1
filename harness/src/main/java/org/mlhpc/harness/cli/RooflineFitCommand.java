package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mlhpc.api.Workload;
import org.mlhpc.harness.projection.Fitting;
import org.mlhpc.harness.projection.ProfiledRun;
import org.mlhpc.harness.projection.ProfiledRuns;
import org.mlhpc.roofline.ceilings.MachineFile;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.predict.FitFile;
import org.mlhpc.roofline.predict.FittedRuns;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fits the extended roofline to profiled runs. */
@Command(
        name = "fit",
        description = {
            "Fits step time = overhead + (sum of (ideal / efficiency)^p)^(1/p) to profiled runs of one workload: which share of"
                    + " each ceiling training reaches, and how much of its work overlaps.",
            "Runs of different batch sizes, ranks, threads and storage limits tell the resources apart; ./mlhpc roofline sweep"
                    + " makes them."
        })
final class RooflineFitCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(
            paramLabel = "RUN",
            arity = "1..*",
            description = "Records of runs made with --profile, or folders of them.")
    private List<Path> places = List.of();

    @Option(
            names = "--machine",
            paramLabel = "FILE",
            required = true,
            description = "Ceilings of the machine of the runs, from ./mlhpc roofline measure.")
    private Path machine = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write the fit; default: ${DEFAULT-VALUE}.",
            defaultValue = "fit.json")
    private Path file = Path.of("");

    @Option(
            names = "--draws",
            paramLabel = "N",
            description = "Bootstrap repetitions behind the intervals; default: ${DEFAULT-VALUE}.",
            defaultValue = "400")
    private int draws;

    @Option(names = "--format", description = "text, json or csv; default: text.", defaultValue = "text")
    private Format format = Format.TEXT;

    @Override
    public Integer call() throws IOException {
        if (draws < 20) {
            throw new IllegalArgumentException("--draws " + draws + " must be at least 20 to tell an interval");
        }
        List<ProfiledRun> runs = new ArrayList<>();
        for (Path file : ProfiledRuns.files(places)) {
            runs.add(ProfiledRun.read(file, Workloads::named));
        }
        var options = new RooflineFit.Options(
                draws, RooflineFit.Options.DEFAULT.confidence(), RooflineFit.Options.DEFAULT.seed());
        FittedRuns fitted = new Fitting(workload(runs), MachineFile.read(machine), options).fit(runs);
        FitFile.write(file, fitted);
        print(fitted);
        return 0;
    }

    /** Of the first run; a fit refuses runs of different workloads. */
    private static Workload<?> workload(List<ProfiledRun> runs) {
        return Workloads.named(runs.get(0).record().workload());
    }

    private void print(FittedRuns fitted) throws IOException {
        PrintWriter words = format == Format.TEXT
                ? spec.commandLine().getOut()
                : spec.commandLine().getErr();
        PrintWriter out = spec.commandLine().getOut();
        out.print(new Tables()
                .add("parameters", parameters(fitted.fit()))
                .add("runs", observations(fitted))
                .format(format));
        words.println();
        words.println(limits(fitted.fit()));
        fitted.accuracy().forEach(words::println);
        fitted.fit().warnings().forEach(warning -> words.println("warning: " + warning));
        words.println("fit: " + file);
        words.flush();
        out.flush();
    }

    private static Table parameters(RooflineFit fit) {
        String percent = String.format(Locale.ROOT, "%.0f", 100 * fit.confidence());
        var table = new Table("parameter", "value", "low_" + percent, "high_" + percent);
        fit.parameters().forEach((name, found) -> table.row(name, found.value(), found.low(), found.high()));
        return table;
    }

    private static Table observations(FittedRuns fitted) {
        var table = new Table("run", "measured_ms", "fitted_ms", "error_percent", "held_out_error_percent", "binding");
        List<RooflineFit.Residual> residuals = fitted.fit().residuals();
        for (RooflineFit.Residual residual : residuals) {
            table.row(
                    residual.label(),
                    1e3 * residual.measuredSeconds(),
                    1e3 * residual.fittedSeconds(),
                    100 * residual.relativeError(),
                    heldOut(fitted, residual),
                    residual.limit(fitted.fit().model()));
        }
        return table;
    }

    /** Such as {@code limited by compute in 20 runs, memory in 4 runs}. */
    private static String limits(RooflineFit fit) {
        Map<String, Integer> runs = new TreeMap<>();
        fit.residuals().forEach(residual -> runs.merge(residual.limit(fit.model()), 1, Integer::sum));
        return "limited by "
                + runs.entrySet().stream()
                        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                        .map(entry ->
                                entry.getKey() + " in " + entry.getValue() + (entry.getValue() == 1 ? " run" : " runs"))
                        .collect(Collectors.joining(", "));
    }

    private static Object heldOut(FittedRuns fitted, RooflineFit.Residual residual) {
        return fitted.heldOut().heldOut().stream()
                .filter(held ->
                        held.label().equals(residual.label()) && held.measuredSeconds() == residual.measuredSeconds())
                .findFirst()
                .<Object>map(held -> 100 * held.relativeError())
                .orElse("");
    }
}
