package org.mlhpc.results.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.CriticalBatch;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.results.statistics.RatioOfMeans;
import org.mlhpc.results.statistics.Sample;

/**
 * One benchmark at several scales of a system: times to train against the smallest scale. A system is what has the same
 * submitter, round, division and model of accelerator (processor, if it has none).
 *
 * @param system what the points have in common, in words
 * @param points by scale
 * @param convergence samples to convergence against batch size; empty for one batch size
 */
public record Scaling(String benchmark, String system, List<Point> points, Optional<CriticalBatch> convergence) {
    /**
     * One scale.
     *
     * @param scale accelerators, or nodes of a system without
     * @param speed how many times as fast as the first point
     * @param efficiency {@code speed} by the ratio of the scales; 1 is ideal strong scaling
     * @param throughputEfficiency training samples per second and accelerator by those of the first point
     */
    public record Point(Entry entry, long scale, Estimate speed, Estimate efficiency, Estimate throughputEfficiency) {}

    /** A value, absent if not known, and its interval, absent if its spread is not known. */
    public record Estimate(OptionalDouble value, Optional<Interval> interval) {
        private static final Estimate ONE = new Estimate(OptionalDouble.of(1), Optional.empty());
        private static final Estimate UNKNOWN = new Estimate(OptionalDouble.empty(), Optional.empty());

        Estimate times(double factor) {
            return new Estimate(
                    value.isPresent() ? OptionalDouble.of(value.getAsDouble() * factor) : value,
                    interval.map(known -> known.times(factor)));
        }
    }

    /** What the points of a scaling have in common. */
    private record Family(String benchmark, Optional<String> round, String division, String submitter, String model) {
        static Family of(Entry entry) {
            return new Family(
                    entry.task().benchmark(),
                    entry.label().round(),
                    entry.label().division(),
                    entry.label().submitter(),
                    entry.machine().model());
        }

        String described() {
            return Stream.of(round.map(known -> "round " + known).orElse("own runs"), submitter, model, division)
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(", "));
        }
    }

    /** The scalings of each benchmark and system that has times to train at two scales or more. */
    public static List<Scaling> of(Collection<Entry> entries) {
        Map<Family, List<Entry>> bySystem = new LinkedHashMap<>();
        entries.stream()
                .filter(Entry::isTimeToTrain)
                .filter(entry -> entry.machine().scale().isPresent())
                .filter(entry -> entry.measured().minutes().isPresent())
                .forEach(entry -> bySystem.computeIfAbsent(Family.of(entry), key -> new ArrayList<>())
                        .add(entry));
        List<Scaling> scalings = new ArrayList<>();
        bySystem.forEach((system, all) -> {
            if (all.stream().map(entry -> entry.machine().scale()).distinct().count() > 1) {
                scalings.add(of(system, all));
            }
        });
        return scalings;
    }

    private static Scaling of(Family system, List<Entry> entries) {
        List<Entry> sorted = entries.stream()
                .sorted(Comparator.comparingLong(Scaling::scale))
                .toList();
        List<Point> points =
                sorted.stream().map(entry -> point(sorted.get(0), entry)).toList();
        return new Scaling(system.benchmark, system.described(), points, convergence(entries));
    }

    private static long scale(Entry entry) {
        return entry.machine().scale().orElseThrow();
    }

    private static Point point(Entry first, Entry entry) {
        if (entry.equals(first)) {
            return new Point(entry, scale(entry), Estimate.ONE, Estimate.ONE, Estimate.ONE);
        }
        double scales = (double) scale(first) / scale(entry);
        Estimate speed = ratio(entry.countedMinutes(), first.countedMinutes());
        Estimate rates =
                ratio(first.measured().trainSamplesPerSecond(), entry.measured().trainSamplesPerSecond());
        return new Point(entry, scale(entry), speed, speed.times(scales), rates.times(scales));
    }

    /** Mean of the second by that of the first. */
    private static Estimate ratio(Optional<Sample> first, Optional<Sample> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return Estimate.UNKNOWN;
        }
        return new Estimate(
                OptionalDouble.of(second.get().mean() / first.get().mean()),
                RatioOfMeans.of(first.get(), second.get(), Comparison.CONFIDENCE)
                        .map(RatioOfMeans::interval));
    }

    /** The fit to all entries whose batch size and convergence are known. */
    public static Optional<CriticalBatch> convergence(Collection<Entry> entries) {
        List<CriticalBatch.Observation> seen = new ArrayList<>();
        for (Entry entry : entries) {
            OptionalLong batch = entry.task().batch();
            if (batch.isPresent()) {
                entry.measured()
                        .samples()
                        .ifPresent(samples -> seen.add(new CriticalBatch.Observation(batch.getAsLong(), samples)));
            }
        }
        return CriticalBatch.fit(seen, Comparison.CONFIDENCE);
    }
}
