package org.mlhpc.results.charts;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.results.compare.Scaling;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.CriticalBatch;
import org.mlhpc.results.statistics.Sample;

/** Charts of the times to train of one benchmark. Each is absent if no entry has its numbers. */
public final class ComparisonCharts {
    /** Shorter staging copied nothing. */
    private static final double LEAST_STAGING_MINUTES = 0.01;

    private static final double SECONDS_PER_MINUTE = 60;
    private static final String SCALE = "accelerators (nodes of systems without)";

    private final String benchmark;
    private final List<Entry> entries;

    private ComparisonCharts(String benchmark, Collection<Entry> entries) {
        this.benchmark = benchmark;
        this.entries = List.copyOf(entries);
    }

    /** All charts of the times to train of {@code benchmark} among {@code entries}, in the order of a report. */
    public static List<Figure> of(String benchmark, Collection<Entry> entries) {
        List<Entry> own = entries.stream()
                .filter(entry -> entry.task().benchmark().equals(benchmark) && entry.isTimeToTrain())
                .toList();
        var charts = new ComparisonCharts(benchmark, own);
        return Stream.of(
                        charts.timeToTrain(),
                        DecompositionChart.of(benchmark, own),
                        charts.convergence(),
                        charts.throughput(),
                        charts.staging(),
                        charts.spread())
                .flatMap(Optional::stream)
                .toList();
    }

    private String key(String name) {
        return benchmark + "-" + name;
    }

    private static Optional<Double> scale(Entry entry) {
        return number(entry.machine().scale());
    }

    private static Optional<Double> number(OptionalLong number) {
        return number.isPresent() ? Optional.of((double) number.getAsLong()) : Optional.empty();
    }

    private static Optional<Double> minutes(Entry entry) {
        return entry.measured().score().isPresent()
                ? Optional.of(entry.measured().score().getAsDouble())
                : entry.countedMinutes().map(Sample::mean);
    }

    private Optional<Figure> timeToTrain() {
        var scatter = new Scatter();
        scatter.addAll(entries, ComparisonCharts::scale, ComparisonCharts::minutes);
        return figure(scatter, "time-to-train", "Time to train of " + benchmark, SCALE, "time to train, minutes");
    }

    private Optional<Figure> figure(Scatter scatter, String name, String title, String x, String y) {
        return scatter.isEmpty() ? Optional.empty() : Optional.of(scatter.figure(key(name), title, x, y));
    }

    /** With a curve for each group of entries that train on equally many samples. */
    private Optional<Figure> convergence() {
        var scatter = new Scatter();
        scatter.addAll(entries, entry -> number(entry.task().batch()), entry -> entry.measured()
                .samples()
                .map(Sample::mean));
        entries.stream()
                .filter(entry -> entry.task().trainSamples().isPresent()
                        && entry.task().batch().isPresent())
                .collect(Collectors.groupingBy(
                        entry -> entry.task().trainSamples().orElseThrow(), TreeMap::new, Collectors.toList()))
                .forEach((samples, group) ->
                        Scaling.convergence(group).ifPresent(fit -> addFit(scatter, samples, group, fit)));
        return figure(
                scatter,
                "convergence",
                "Samples to convergence of " + benchmark,
                "global batch size, samples",
                "training samples to convergence");
    }

    private static void addFit(Scatter scatter, long samples, List<Entry> group, CriticalBatch fit) {
        LongSummaryStatistics batches = group.stream()
                .mapToLong(entry -> entry.task().batch().orElseThrow())
                .summaryStatistics();
        scatter.addCurve(
                String.format(
                        Locale.ROOT,
                        "data set of %,d: %.3g (1 + batch / %.3g)",
                        samples,
                        fit.leastSamples(),
                        fit.criticalBatch()),
                (double) batches.getMin(),
                (double) batches.getMax(),
                fit::samplesAt);
    }

    /** With the line on which all would lie if the best rate of an accelerator were that of all. */
    private Optional<Figure> throughput() {
        var scatter = new Scatter();
        scatter.addAll(entries, ComparisonCharts::scale, entry -> entry.measured()
                .trainSamplesPerSecond()
                .map(Sample::mean));
        entries.stream()
                .flatMap(entry -> ratePerAccelerator(entry).stream())
                .max(Double::compare)
                .ifPresent(best -> scatter.addCurve(
                        String.format(Locale.ROOT, "%.3g samples/s each", best), scale -> best * scale));
        return figure(
                scatter,
                "throughput",
                "Training rate of " + benchmark + ", evaluation left out",
                SCALE,
                "training samples per second");
    }

    private static Optional<Double> ratePerAccelerator(Entry entry) {
        return entry.measured().trainSamplesPerSecond().flatMap(rate -> scale(entry)
                .map(scale -> rate.mean() / scale));
    }

    private Optional<Figure> staging() {
        var strip = new Strip();
        for (Entry entry : entries) {
            stagedPerSecondAndNode(entry).ifPresent(rate -> strip.add(entry, List.of(rate)));
        }
        return strip.isEmpty()
                ? Optional.empty()
                : Optional.of(strip.figure(
                        key("staging"),
                        "Staging rate of " + benchmark,
                        "staged samples (training and validation) per second and node",
                        true));
    }

    private static Optional<Double> stagedPerSecondAndNode(Entry entry) {
        OptionalLong train = entry.task().trainSamples();
        OptionalLong nodes = entry.machine().nodes();
        return entry.measured()
                .staging()
                .filter(staging -> staging.minutes() >= LEAST_STAGING_MINUTES)
                .filter(staging -> train.isPresent() && nodes.isPresent())
                .map(staging -> (train.getAsLong() + entry.task().evalSamples().orElse(0))
                        / (staging.minutes() * SECONDS_PER_MINUTE * nodes.getAsLong()));
    }

    /** Runs where they are known, else mean and one standard deviation to both sides. */
    private Optional<Figure> spread() {
        var strip = new Strip();
        for (Entry entry : entries) {
            entry.measured()
                    .minutes()
                    .filter(Sample::repeated)
                    .ifPresent(minutes -> strip.add(entry, relative(minutes)));
        }
        return strip.isEmpty()
                ? Optional.empty()
                : Optional.of(strip.figure(
                        key("spread"),
                        "Run-to-run spread of " + benchmark,
                        "time of each run (or mean and standard deviation) by the mean of its entry",
                        false));
    }

    private static List<Double> relative(Sample minutes) {
        double variation = minutes.variation();
        return minutes.values().isEmpty()
                ? List.of(1 - variation, 1.0, 1 + variation)
                : minutes.values().stream().map(value -> value / minutes.mean()).toList();
    }
}
