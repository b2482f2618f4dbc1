package org.mlhpc.results.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mlhpc.results.LabelledRun;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.results.charts.ChannelCharts;
import org.mlhpc.results.charts.Figure;
import org.mlhpc.results.charts.PredictionCharts;
import org.mlhpc.results.charts.RoofCharts;
import org.mlhpc.results.charts.StackedTimes;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.WholeFile;
import org.mlhpc.roofline.ceilings.MeasuredCeiling;
import org.mlhpc.roofline.fit.RooflineFit;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.Estimate;
import org.mlhpc.roofline.predict.FittedRuns;
import org.mlhpc.roofline.predict.Projection;

/** The report of a roofline: ceilings, fit, runs below their roofs, predictions; one page, and its charts as files. */
public final class RooflineReport {
    private final FittedRuns fitted;
    private final Cluster cluster;
    private final List<LabelledRun> drawn;
    private final List<LabelledRun> measured;
    private final List<Projection> projections;
    private final HtmlPage page = new HtmlPage("mlhpc: roofline", true);
    private final List<Figure> figures = new ArrayList<>();

    /**
     * @param drawn runs whose operators and channels are drawn; those without a profile are left out
     * @param measured runs of the predicted task, in its precision and without a storage limit: those with a predicted layout
     *     and batch stand beside their prediction
     * @param projections in order of nodes; may be empty
     */
    public RooflineReport(
            FittedRuns fitted,
            Cluster cluster,
            List<LabelledRun> drawn,
            List<LabelledRun> measured,
            List<Projection> projections) {
        this.fitted = fitted;
        this.cluster = cluster;
        this.drawn =
                drawn.stream().filter(run -> run.record().profile().isPresent()).toList();
        this.measured = List.copyOf(measured);
        this.projections = List.copyOf(projections);
    }

    /**
     * Writes {@code report.html} and the folder {@code charts} into {@code folder}, each file under a temporary name first.
     *
     * @param maker name and version of the program
     * @return the page
     */
    public Path write(Path folder, String maker, Instant now) throws IOException {
        String html = html(maker, now);
        FigureFiles.write(folder.resolve("charts"), figures);
        Path file = folder.resolve("report.html");
        WholeFile.write(file, html);
        return file;
    }

    String html(String maker, Instant now) {
        page.heading(1, "Roofline of " + fitted.workload() + " " + fitted.configuration() + ", " + fitted.precision());
        page.paragraph(
                maker + ", " + now.truncatedTo(ChronoUnit.SECONDS) + ". Step time = overhead + (sum over resources of"
                        + " (ideal / efficiency)^(1 / serial))^serial, where ideal is the work of a step at the ceiling; serial is 1 if"
                        + " resources wait for each other, and near 0 if they work at once.");
        fit();
        runs();
        operators();
        predictions();
        ceilings();
        return page.finish();
    }

    private void fit() {
        page.heading(2, "Fit");
        List<List<String>> rows = new ArrayList<>();
        fitted.fit()
                .parameters()
                .forEach((name, found) ->
                        rows.add(List.of(name, number(found.value()), number(found.low()), number(found.high()))));
        String percent =
                String.format(Locale.ROOT, "%.0f %%", 100 * fitted.fit().confidence());
        page.table(List.of("parameter", "value", "low " + percent, "high " + percent), rows);
        page.paragraph(String.join(". ", fitted.accuracy()) + ".");
        if (!fitted.fit().warnings().isEmpty()) {
            page.paragraph("What the runs cannot tell:").list(fitted.fit().warnings());
        }
    }

    private void runs() {
        page.heading(2, "Runs");
        add(PredictionCharts.fitted(
                "fitted-steps", "Step times", fitted.fit(), fitted.heldOut().heldOut()));
        add(StackedTimes.of("stacked-times", "What each resource would need alone", fitted.fit()));
        List<List<String>> rows = new ArrayList<>();
        for (RooflineFit.Residual run : fitted.fit().residuals()) {
            rows.add(List.of(
                    run.label(),
                    number(1e3 * run.measuredSeconds()),
                    number(1e3 * run.fittedSeconds()),
                    number(100 * run.relativeError()),
                    run.limit(fitted.fit().model())));
        }
        page.table(List.of("run", "measured ms", "fitted ms", "error %", "limited by"), rows);
    }

    private void operators() {
        if (drawn.isEmpty()) {
            return;
        }
        page.heading(2, "Below the roofs");
        for (int i = 0; i < drawn.size(); i++) {
            RunRecord run = drawn.get(i).record();
            Profile profile = run.profile().orElseThrow();
            String title = String.format(
                    Locale.ROOT,
                    "Operators, %d samples per step, %d x %d threads",
                    profile.samplesPerStep(),
                    profile.ranks(),
                    profile.threadsPerRank());
            add(RoofCharts.hierarchy(
                    "operators-" + i,
                    title,
                    fitted.machine(),
                    profile,
                    run.machine().nodes()));
        }
        ChannelCharts.of(fitted.machine(), drawn).forEach(this::add);
    }

    private void predictions() {
        if (projections.isEmpty()) {
            return;
        }
        page.heading(2, "Predictions");
        page.paragraph("Nodes like " + cluster.name() + ". Predicted times are unverified by nature.");
        var charts = new PredictionCharts(projections, measured, fitted.fit().confidence());
        add(charts.stepsByNodes("predicted-steps", "Step time by nodes"));
        charts.timesByNodes("predicted-times", "Time to train by nodes").ifPresent(this::add);
        List<List<String>> rows = new ArrayList<>();
        for (Projection each : projections) {
            rows.add(List.of(
                    String.valueOf(each.layout().nodes()),
                    number(each.batch()),
                    interval(each.stepSeconds(), 1e3),
                    number(each.samplesPerSecond()),
                    each.limit(),
                    each.data().place().inWords(),
                    number(each.data().stagingSeconds()),
                    number(each.epochSeconds()),
                    number(each.evaluationSeconds()),
                    each.epochs().map(epochs -> interval(epochs, 1)).orElse("–"),
                    each.trainSeconds().map(time -> interval(time, 1 / 60.0)).orElse("–"),
                    String.join("; ", each.remarks())));
        }
        page.table(
                List.of(
                        "nodes",
                        "batch",
                        "step ms",
                        "samples/s",
                        "limited by",
                        "data",
                        "staging s",
                        "epoch s",
                        "evaluation s",
                        "epochs",
                        "minutes to train",
                        "remarks"),
                rows);
    }

    private void ceilings() {
        page.heading(2, "Ceilings of " + fitted.machine().host());
        page.paragraph(fitted.machine().cpu() + ", " + fitted.machine().cores() + " logical processors"
                + fitted.machine()
                        .physicalCores()
                        .map(cores -> " on " + cores + " physical cores")
                        .orElse("")
                + ", measured "
                + fitted.machine().measured().truncatedTo(ChronoUnit.SECONDS) + ".");
        page.list(fitted.machine().conditions());
        List<List<String>> rows = new ArrayList<>();
        for (MeasuredCeiling ceiling : fitted.machine().ceilings()) {
            Spread rate = ceiling.rate();
            rows.add(List.of(
                    ceiling.name(),
                    number(rate.median()),
                    number(rate.lowerQuartile()) + " to " + number(rate.upperQuartile()),
                    ceiling.unit(),
                    ceiling.percentOfPeak().map(RooflineReport::number).orElse("–"),
                    ceiling.fault().orElse("")));
        }
        page.table(List.of("ceiling", "median", "quartiles", "unit", "% of peak", "remark"), rows);
    }

    private void add(Figure figure) {
        figures.add(figure);
        page.figure(figure.svg());
    }

    private static String interval(Estimate estimate, double unit) {
        return number(estimate.value() * unit) + " (" + number(estimate.low() * unit) + " to "
                + number(estimate.high() * unit) + ")";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
