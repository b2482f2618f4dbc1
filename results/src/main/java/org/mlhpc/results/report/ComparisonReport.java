package org.mlhpc.results.report;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mlhpc.results.charts.ComparisonCharts;
import org.mlhpc.results.charts.Figure;
import org.mlhpc.results.compare.Scaling;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.roofline.WholeFile;

/**
 * The report of many results: scores, comparisons, charts, scaling, and what it was made from; one page without references to
 * anything else, and its charts as files.
 */
public final class ComparisonReport {
    private final List<Entry> entries;
    private final List<String> problems;
    private final Map<String, List<Figure>> figures = new LinkedHashMap<>();
    private final HtmlPage page = new HtmlPage("mlhpc: comparison of results", true);

    private ComparisonReport(List<Entry> entries, List<String> problems) {
        this.entries = List.copyOf(entries);
        this.problems = List.copyOf(problems);
        benchmarks().forEach((benchmark, all) -> figures.put(benchmark, ComparisonCharts.of(benchmark, all)));
    }

    private Map<String, List<Entry>> benchmarks() {
        return entries.stream()
                .collect(Collectors.groupingBy(entry -> entry.task().benchmark(), TreeMap::new, Collectors.toList()));
    }

    /**
     * Writes {@code report.html} and the folder {@code charts} into {@code folder}, each file under a temporary name first.
     *
     * @param entries in the order in which tables have them; of each benchmark the first is the one that others are compared with
     * @param problems what was skipped when they were read
     * @param maker name and version of the program
     * @return the page
     */
    public static Path write(Path folder, List<Entry> entries, List<String> problems, String maker, Instant now)
            throws IOException {
        var report = new ComparisonReport(entries, problems);
        FigureFiles.write(
                folder.resolve("charts"),
                report.figures.values().stream().flatMap(List::stream).toList());
        Path file = folder.resolve("report.html");
        WholeFile.write(file, report.html(maker, now));
        return file;
    }

    static String html(List<Entry> entries, List<String> problems, String maker, Instant now) {
        return new ComparisonReport(entries, problems).html(maker, now);
    }

    private String html(String maker, Instant now) {
        page.heading(1, "Comparison of results");
        page.paragraph("Made by " + maker + ", " + now.truncatedTo(ChronoUnit.SECONDS) + ".");
        if (entries.stream().anyMatch(entry -> !entry.label().reviewed())) {
            page.markedParagraph(
                    "missed",
                    "Results marked \"unverified\" are not verified by MLCommons Association; this program claims no"
                            + " endorsement.");
        }
        page.contents(contents());
        benchmarks().forEach(this::benchmark);
        scaling();
        provenance();
        return page.finish();
    }

    private Map<String, String> contents() {
        var contents = new LinkedHashMap<String, String>();
        benchmarks().keySet().forEach(benchmark -> contents.put(benchmark, benchmark));
        contents.put("scaling", "Scaling");
        contents.put("provenance", "Provenance");
        return contents;
    }

    private void benchmark(String benchmark, List<Entry> all) {
        page.heading(2, benchmark, benchmark);
        Map<String, List<Entry>> byMetric = all.stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.task().metric().label(), LinkedHashMap::new, Collectors.toList()));
        byMetric.forEach((metric, some) -> {
            page.heading(
                    3, "Scores: " + metric + ", " + some.get(0).task().metric().unit());
            page.sortableTable(ReportTables.SCORE_HEADER, ReportTables.scores(some));
            List<List<String>> comparisons = ReportTables.comparisons(some);
            if (!comparisons.isEmpty()) {
                page.heading(3, "Compared: " + metric);
                page.paragraph(
                        "Each with the first that it is comparable with, of its own round if there is one. Above 1 the second is faster; the"
                                + " factors from staging on multiply to the speed. Rest is what is not known apart. "
                                + ReportTables.INTERVAL + "s are of the ratio of mean times.");
                page.sortableTable(ReportTables.COMPARISON_HEADER, comparisons);
            }
        });
        for (Figure figure : figures.getOrDefault(benchmark, List.of())) {
            page.figure(figure.svg());
            page.foldedTable("Numbers of this chart: " + figure.title(), figure.header(), figure.texts());
        }
    }

    private void scaling() {
        page.heading(2, "Scaling", "scaling");
        List<Scaling> scalings = Scaling.of(entries);
        if (scalings.isEmpty()) {
            page.paragraph("No system has times to train at two scales.");
        }
        for (Scaling scaling : scalings) {
            page.heading(3, scaling.benchmark() + ", " + scaling.system());
            page.table(ReportTables.SCALING_HEADER, ReportTables.scaling(scaling));
            page.paragraph(ReportTables.convergence(scaling));
        }
    }

    private void provenance() {
        page.heading(2, "Provenance", "provenance");
        if (!problems.isEmpty()) {
            page.heading(3, "Skipped");
            page.list(problems);
        }
        if (entries.stream().anyMatch(entry -> entry.files().isEmpty())) {
            page.paragraph("Published results: the bundled table, SHA-256 " + Inputs.sha256OfPublished() + ".");
        }
        for (Entry entry : entries) {
            if (!entry.files().isEmpty()) {
                var rows = new ArrayList<List<String>>();
                entry.files().forEach(file -> rows.add(List.of(file.toString(), Inputs.sha256(file))));
                page.foldedTable(
                        entry.name() + ", " + entry.task().benchmark() + ": " + rows.size() + " files",
                        List.of("file", "SHA-256"),
                        rows);
            }
        }
    }
}
