package org.mlhpc.harness.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mlhpc.api.Settings;
import org.mlhpc.harness.projection.Sweep;
import org.mlhpc.roofline.FileTree;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the runs that a fit needs. */
@Command(
        name = "sweep",
        description = {
            "Makes short profiled runs for ./mlhpc roofline fit: every combination of the ranks, threads, batch sizes, settings and"
                    + " storage limits given, in a mixed order that is always the same. Runs that are there already are not"
                    + " repeated; those of another workload, configuration, settings or number of steps are refused.",
            "Example: roofline sweep cosmoflow --out sweep --layouts 1x1,1x2,2x1 --batches 2,4,8 --set"
                    + " gen_box_cells=64 --vary sample_size=32,64 --limits none,20MB/s"
        })
final class RooflineSweepCommand implements Callable<Integer> {
    private static final double NANOS_PER_SECOND = 1e9;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private WorkloadOptions workload = new WorkloadOptions();

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder of the runs.")
    private Path out = Path.of("");

    @Option(
            names = "--layouts",
            paramLabel = "LIST",
            split = ",",
            description = "Ranks x threads of each, such as 1x1,1x2,2x1; default: ${DEFAULT-VALUE}.",
            defaultValue = "1x1,1x2,2x1")
    private List<String> layouts = List.of();

    @Option(
            names = "--batches",
            paramLabel = "LIST",
            split = ",",
            description = "Global batch sizes, such as 2,4,8; a batch that the ranks cannot share is left out; default:"
                    + " ${DEFAULT-VALUE}.",
            defaultValue = "2,4,8")
    private List<Long> batches = List.of();

    @Option(
            names = "--vary",
            paramLabel = "KEY=LIST",
            description = "A setting with its values, such as sample_size=32,64; may be repeated.")
    private Map<String, String> varied = new LinkedHashMap<>();

    @Option(
            names = "--limits",
            paramLabel = "LIST",
            split = ",",
            description = "Storage limits as run --limit-storage takes them, or none; default: ${DEFAULT-VALUE}.",
            defaultValue = "none")
    private List<String> limits = List.of();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "Runs of each combination, which a fit holds out together; default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int repetitions;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Training steps of each run; default: ${DEFAULT-VALUE}.",
            defaultValue = "30")
    private int steps;

    @Override
    public Integer call() throws IOException {
        if (steps < 3) {
            throw new IllegalArgumentException("--steps " + steps + ": the first step is not timed, so at least 3");
        }
        List<Sweep.Setting> settings = new SweepGrid(layouts, varied, batches, limits, repetitions).settings();
        for (Sweep.Setting setting : settings) {
            requirePossible(setting);
        }
        Files.createDirectories(out);
        for (Sweep.Setting setting : settings) {
            requireSame(setting);
        }
        var sweep = new Sweep(Path.of(System.getProperty("mlhpc.home", "."), "mlhpc"), common());
        PrintWriter progress = spec.commandLine().getErr();
        long start = System.nanoTime();
        int made = 0;
        for (int i = 0; i < settings.size(); i++) {
            Sweep.Setting setting = settings.get(i);
            Path folder = out.resolve(setting.name());
            if (MadeRun.in(folder).isPresent()) {
                continue;
            }
            // What an interrupted run left behind: short as it is, it begins anew.
            FileTree.delete(folder);
            progress.printf(
                    Locale.ROOT,
                    "%d of %d: %s%s%n",
                    i + 1,
                    settings.size(),
                    setting.name(),
                    left(start, made, settings.size() - i));
            progress.flush();
            sweep.run(setting, folder, out.resolve(setting.name() + ".log"));
            made++;
        }
        spec.commandLine().getOut().printf(Locale.ROOT, "%d runs in %s, %d of them new%n", settings.size(), out, made);
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** Before the first run, not when it is this one's turn. */
    private void requirePossible(Sweep.Setting setting) {
        Settings all = settings(setting);
        workload.workload().spec(all);
        workload.workload().loggedHyperparameters(all, setting.ranks());
        workload.workload().generator(all);
    }

    private Settings settings(Sweep.Setting setting) {
        var changes = new HashMap<>(workload.changes());
        changes.putAll(setting.settings());
        return Workloads.settings(workload.workload(), workload.configuration(), changes);
    }

    /** A run that is there already stands for the one that would be made, if it is the same. */
    private void requireSame(Sweep.Setting setting) throws IOException {
        Optional<MadeRun> before = MadeRun.in(out.resolve(setting.name()));
        if (before.isPresent()) {
            before.get().requireSame(workload.workload().name(), workload.configuration(), settings(setting), steps);
        }
    }

    private static String left(long start, int made, int toDo) {
        if (made == 0) {
            return "";
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND / made * toDo;
        return String.format(Locale.ROOT, ", about %.0f min left", Math.ceil(seconds / 60));
    }

    private List<String> common() {
        var common = new ArrayList<>(List.of(
                workload.workload().name(),
                "--config",
                workload.configuration(),
                "--max-steps",
                Integer.toString(steps)));
        workload.changes().forEach((key, value) -> common.addAll(List.of("--set", key + "=" + value)));
        return common;
    }
}
