package org.mlhpc.results.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.charts.RunCharts;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.ceilings.MeasuredMachine;

/** The report of one run: what came out, where the time went, on what machine, with which settings. */
public final class RunReport {
    private static final double MIB = 1 << 20;
    private static final double GIB = 1 << 30;
    private static final double SECONDS_PER_MINUTE = 60;

    private final RunRecord run;
    private final HtmlPage page;

    private RunReport(RunRecord run) {
        this.run = run;
        this.page = new HtmlPage("mlhpc: " + run.workload() + " " + run.configuration() + ", run " + run.index());
    }

    /**
     * Writes {@code file} under a temporary name first.
     *
     * @param machine that the run ran on, whose ceilings a profile is held against; empty if it was not measured
     */
    public static void write(Path file, RunRecord run, Optional<MeasuredMachine> machine) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            Files.writeString(partial, html(run, machine));
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(partial);
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    static String html(RunRecord run) {
        return html(run, Optional.empty());
    }

    static String html(RunRecord run, Optional<MeasuredMachine> machine) {
        var report = new RunReport(run);
        report.score();
        report.time();
        report.epochs();
        report.staging();
        report.input();
        new RankSection(run).addTo(report.page);
        report.work();
        run.profile().ifPresent(profile -> new ProfileSection(run, profile, machine).addTo(report.page));
        report.provenance();
        return report.page.finish();
    }

    private void score() {
        boolean reached = run.status().equals("success");
        page.heading(1, run.workload() + " " + run.configuration() + ", run " + run.index());
        page.markedParagraph(
                reached ? "reached" : "missed",
                format(
                        "Target %s after %s: %s",
                        reached ? "reached" : "missed", count(run.epochs().size(), "epoch"), result(reached)));
        page.paragraph(format(
                "%s division, seed %d, %s on %s, started %s. Target: %s %s %s.",
                run.division(),
                run.seed(),
                count(run.machine().ranks(), "rank"),
                count(run.machine().nodes(), "node"),
                run.started().truncatedTo(ChronoUnit.SECONDS),
                run.target().metric(),
                run.target().atMost() ? "at most" : "at least",
                run.target().threshold()));
        if (!run.notes().isEmpty()) {
            page.list(run.notes());
        }
        interruptions();
    }

    private void interruptions() {
        List<String> lines = run.interruptions().stream()
                .map(gap -> format(
                        "interrupted after epoch %d%s at %s, resumed at %s, %.1f s between",
                        gap.epoch(),
                        gap.step().map(step -> ", step " + step).orElse(""),
                        gap.saved().truncatedTo(ChronoUnit.SECONDS),
                        gap.resumed().truncatedTo(ChronoUnit.SECONDS),
                        gap.seconds()))
                .toList();
        if (!lines.isEmpty()) {
            page.list(lines);
        }
    }

    /** A run that missed its target has no score. */
    private String result(boolean reached) {
        return reached
                ? format(
                        "time to train %.4g s = %.4g min (unverified: not reviewed by MLCommons)",
                        run.runSeconds(), run.runSeconds() / SECONDS_PER_MINUTE)
                : format("no score; the run took %.4g s", run.runSeconds());
    }

    private static String count(int number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }

    private void time() {
        page.heading(2, "Time");
        page.figure(RunCharts.timeBudget(run.phases()));
        var rows = new ArrayList<List<String>>();
        run.phases().forEach((phase, seconds) -> rows.add(phaseRow(phase.replace('_', ' '), seconds)));
        double sum =
                run.phases().values().stream().mapToDouble(Double::doubleValue).sum();
        rows.add(phaseRow("sum of phases", sum));
        rows.add(phaseRow("wall time", run.wallSeconds()));
        page.foldedTable("Numbers of this chart", List.of("phase", "time", "share of wall time"), rows);
        page.paragraph("Phases of rank 0. Backward hides the part of the all-reduces that ends within it; harness is"
                + " everything between run_start and run_stop that has no phase of its own.");
    }

    private List<String> phaseRow(String phase, double seconds) {
        return List.of(phase, format("%.4f s", seconds), format("%.2f %%", 100 * seconds / run.wallSeconds()));
    }

    private void epochs() {
        page.heading(2, "Epochs");
        if (run.epochs().isEmpty()) {
            page.paragraph("No epoch was finished.");
            return;
        }
        page.figure(RunCharts.convergence(run.epochs(), run.target()));
        page.figure(RunCharts.throughput(run.epochs()));
        page.figure(RunCharts.epochTimes(run.epochs()));
        var rows = run.epochs().stream().map(RunReport::epochRow).toList();
        page.foldedTable(
                "Numbers of these charts",
                List.of(
                        "epoch",
                        "learning rate",
                        "train loss",
                        run.target().metric(),
                        "samples",
                        "samples/s",
                        "training",
                        "data stall",
                        "evaluation",
                        "checkpoint"),
                rows);
    }

    private static List<String> epochRow(RunRecord.Epoch epoch) {
        return List.of(
                Integer.toString(epoch.number()),
                format("%.4g", epoch.learningRate()),
                format("%.5f", epoch.trainLoss()),
                format("%.5f", epoch.quality()),
                Long.toString(epoch.trainSamples()),
                format("%.4g", epoch.samplesPerSecond()),
                format("%.3f s", epoch.trainSeconds()),
                format("%.3f s", epoch.stallSeconds()),
                format("%.3f s", epoch.evalSeconds()),
                format("%.3f s", epoch.checkpointSeconds()));
    }

    private void staging() {
        page.heading(2, "Staging");
        if (run.staging().isEmpty()) {
            page.paragraph("Nothing was staged.");
            return;
        }
        RunRecord.Staging staging = run.staging().get();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("strategy", staging.strategy()));
        rows.add(List.of("why", staging.reason()));
        rows.add(List.of("from", staging.source()));
        rows.add(List.of("read from during training", staging.directory()));
        rows.add(List.of("time", format("%.3f s", staging.seconds())));
        rows.add(List.of(
                "predicted",
                staging.predictedSeconds().map(s -> format("%.3f s", s)).orElse("not predicted")));
        if (staging.movedBytes() > 0) {
            rows.add(List.of("read from the source", format("%.1f MiB", staging.sharedBytes() / MIB)));
            rows.add(List.of(
                    "of it by devices",
                    staging.deviceBytes().map(b -> format("%.1f MiB", b / MIB)).orElse("not measured")));
            rows.add(List.of("got from other nodes", format("%.1f MiB", staging.peerBytes() / MIB)));
            rows.add(List.of("rate, all ranks", format("%.1f MiB/s", staging.movedBytes() / MIB / staging.seconds())));
            rows.add(
                    List.of("slowest file", format("%s, %.3f s", staging.slowestFile(), staging.slowestFileSeconds())));
        }
        if (staging.keptBytes() > 0) {
            rows.add(List.of("there already", format("%.1f MiB", staging.keptBytes() / MIB)));
        }
        page.table(List.of(), rows);
        if (staging.movedBytes() > 0) {
            stagingRanks(staging);
        }
    }

    private void stagingRanks(RunRecord.Staging staging) {
        var rows = new ArrayList<List<String>>();
        for (RunRecord.StagingRank rank : staging.ranks()) {
            rows.add(List.of(
                    Integer.toString(rank.rank()),
                    Integer.toString(rank.node()),
                    format("%.1f MiB", rank.bytes() / MIB),
                    format("%.3f s", rank.seconds()),
                    format("%.1f MiB/s", rank.bytes() / MIB / rank.seconds())));
        }
        page.foldedTable("Staging by rank", List.of("rank", "node", "moved", "time", "rate"), rows);
    }

    private void input() {
        if (run.epochs().stream().noneMatch(epoch -> epoch.input().isPresent())) {
            return;
        }
        page.heading(2, "Input");
        var rows = new ArrayList<List<String>>();
        for (RunRecord.Epoch epoch : run.epochs()) {
            epoch.input().ifPresent(input -> rows.add(inputRow(epoch, input)));
        }
        page.table(
                List.of(
                        "epoch",
                        "bytes of samples",
                        "from devices",
                        "data stall",
                        "longest stall",
                        "decoding threads needed",
                        "there"),
                rows);
        page.paragraph("What devices did not deliver came from the page cache.");
    }

    private static List<String> inputRow(RunRecord.Epoch epoch, RunRecord.Input input) {
        return List.of(
                Integer.toString(epoch.number()),
                format("%.1f MiB", input.bytes() / MIB),
                input.deviceBytes()
                        .map(bytes -> format("%.1f MiB (%.0f %%)", bytes / MIB, 100 * bytes / input.bytes()))
                        .orElse("not measured"),
                format("%.2f %%", 100 * epoch.stallSeconds() / epoch.trainSeconds()),
                format("%.4f s", input.longestStallSeconds()),
                format("%.2f", input.neededThreads()),
                Integer.toString(input.threads()));
    }

    private void work() {
        page.heading(2, "Work");
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("parameters", format("%,d", run.model().parameters())));
        rows.add(List.of(
                "FLOP per training sample", format("%.4g GFLOP", run.model().trainFlopPerSample() * 1e-9)));
        double trainSeconds =
                run.epochs().stream().mapToDouble(RunRecord.Epoch::trainSeconds).sum();
        if (trainSeconds > 0) {
            rows.add(List.of(
                    "rate while training", format("%.4g GFLOP/s", run.work().flop() / trainSeconds * 1e-9)));
        }
        for (Channel channel : Channel.values()) {
            Double bytes = run.work().bytes().get(channel);
            rows.add(List.of(
                    channel.name().toLowerCase(Locale.ROOT) + " traffic, all ranks",
                    bytes == null ? "not measured" : format("%.1f MiB", bytes / MIB)));
        }
        page.table(List.of(), rows);
    }

    private void provenance() {
        RunRecord.Machine machine = run.machine();
        page.heading(2, "Machine");
        page.table(
                List.of(),
                List.of(
                        List.of("host", known(machine.host())),
                        List.of("processor", known(machine.cpu())),
                        List.of("cores per node", Integer.toString(machine.coresPerNode())),
                        List.of("memory per node", format("%.1f GiB", machine.memoryBytesPerNode() / GIB)),
                        List.of("accelerator", machine.acceleratorsPerNode() == 0 ? "none" : machine.accelerator()),
                        List.of("threads per rank", Integer.toString(machine.threadsPerRank())),
                        List.of("operating system", known(machine.operatingSystem())),
                        List.of("Java", known(machine.jdk())),
                        List.of("message passing", machine.mpi().isEmpty() ? "none: one process" : machine.mpi()),
                        List.of("engine", known(machine.engine())),
                        List.of("allocator", known(machine.allocator()))));
        page.heading(2, "Configuration");
        page.paragraph("mlhpc " + run.suite().version() + ", revision "
                + known(run.suite().gitRevision()) + ", called with: "
                + run.suite().command().stream().map(RunReport::quoted).collect(Collectors.joining(" ")));
        var rows = new ArrayList<List<String>>();
        for (Map.Entry<String, String> setting : run.settings().entrySet()) {
            rows.add(List.of(setting.getKey(), setting.getValue()));
        }
        page.foldedTable("Settings, SHA-256 " + run.settingsHash(), List.of("key", "value"), rows);
    }

    /** As a shell would want it. */
    private static String quoted(String argument) {
        return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static String known(String text) {
        return text.isEmpty() ? "not known" : text;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
