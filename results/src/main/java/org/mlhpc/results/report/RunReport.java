package org.mlhpc.results.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.charts.Figure;
import org.mlhpc.results.charts.RunCharts;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.WholeFile;

/** The report of one run: what came out, where the time went, on what machine, with which settings. */
public final class RunReport {
    private static final double MIB = 1 << 20;
    private static final double SECONDS_PER_MINUTE = 60;

    private final RunRecord run;
    private final HtmlPage page;
    private List<Figure> figures = List.of();

    private RunReport(RunRecord run) {
        this.run = run;
        this.page = new HtmlPage("mlhpc: " + run.workload() + " " + run.configuration() + ", run " + run.index());
    }

    /**
     * Writes {@code file} under a temporary name first; and before it the charts of its profile as SVG, PNG and CSV into
     * {@code report_charts} for {@code report.html}, in the place of those of an earlier report.
     *
     * @param ceilings of the machine that the run ran on, which a profile is held against; empty if they were not measured
     */
    public static void write(Path file, RunRecord run, Optional<Ceilings> ceilings) throws IOException {
        RunReport report = of(run, ceilings);
        String stem = String.valueOf(file.getFileName()).replaceFirst("\\.html$", "");
        Path charts = file.resolveSibling(stem + "_charts");
        FigureFiles.remove(charts);
        if (!report.figures.isEmpty()) {
            FigureFiles.write(charts, report.figures);
        }
        WholeFile.write(file, report.page.finish());
    }

    static String html(RunRecord run) {
        return html(run, Optional.empty());
    }

    static String html(RunRecord run, Optional<Ceilings> ceilings) {
        return of(run, ceilings).page.finish();
    }

    private static RunReport of(RunRecord run, Optional<Ceilings> ceilings) {
        var report = new RunReport(run);
        report.score();
        report.time();
        report.epochs();
        new DataSection(run).addTo(report.page);
        new RankSection(run).addTo(report.page);
        report.work();
        run.profile().ifPresent(profile -> report.profile(new ProfileSection(run, profile, ceilings)));
        new ProvenanceSection(run).addTo(report.page);
        return report;
    }

    private void profile(ProfileSection section) {
        section.addTo(page);
        figures = section.figures();
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

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
