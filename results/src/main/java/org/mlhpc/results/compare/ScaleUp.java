package org.mlhpc.results.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.results.statistics.Sample;
import org.mlhpc.roofline.predict.Convergence;

/**
 * A published time to train against its prediction: throughput from the smaller scales of the same benchmark and system,
 * samples to convergence from the batch sizes of all other results of the benchmark, staging as it was published, because
 * where data start and go is a choice, not a consequence of scale. docs/metrics.md derives it.
 *
 * @param system submitter and accelerator
 * @param scales of the system in this benchmark, without repetition
 * @param basis results that the throughput comes from
 * @param minutes predicted, with 95 % interval of convergence
 */
public record ScaleUp(
        String benchmark,
        String system,
        int scales,
        Entry target,
        List<Entry> basis,
        Predicted minutes,
        Errors errors) {
    private static final double SECONDS_PER_MINUTE = 60;
    /** Training sets of one benchmark differ by a few samples between rounds; 0.7 had half of CosmoFlow's. */
    private static final double SAME_DATA = 0.01;

    private static final Pattern GENERATION = Pattern.compile("\\b[A-Z]+\\d{2,}[A-Z]*\\b");

    /** A prediction and its interval. */
    public record Predicted(double value, Interval interval) {}

    /** Predicted by measured, minus 1, of what the time to train is made of. */
    public record Errors(double minutes, double samplesPerSecond, double samplesToConverge) {}

    /** A family of results: a benchmark on a system. */
    private record Family(String benchmark, String submitter, String generation) {
        static Family of(Entry entry) {
            String submitter = entry.label().submitter().split("[/+]", 2)[0].strip();
            return new Family(
                    entry.task().benchmark(),
                    submitter,
                    generationOf(entry.machine().model()));
        }
    }

    /** The model's generation, as A100 in "NVIDIA A100-SXM4-80GB (400W)": its variants share a curve. */
    static String generationOf(String model) {
        Matcher matcher = GENERATION.matcher(model);
        return matcher.find() ? matcher.group() : model;
    }

    /**
     * Predicts every scale of each benchmark and system from its smaller ones.
     *
     * @param leastScales systems with fewer scales are left out; what is predicted has {@code leastScales - 1} below it
     */
    public static List<ScaleUp> of(Collection<Entry> entries, int leastScales) {
        List<Entry> usable = withoutRepetition(entries);
        Map<Family, List<Entry>> families = new LinkedHashMap<>();
        usable.forEach(entry -> families.computeIfAbsent(Family.of(entry), key -> new ArrayList<>())
                .add(entry));
        var all = new ArrayList<ScaleUp>();
        families.forEach((family, members) -> {
            List<Long> scales =
                    members.stream().map(ScaleUp::scale).distinct().sorted().toList();
            if (scales.size() >= leastScales) {
                members.stream()
                        .sorted(Comparator.comparingLong(ScaleUp::scale))
                        .filter(target -> scale(target) > scales.get(leastScales - 2))
                        .forEach(target -> predict(family, scales.size(), target, members, usable)
                                .ifPresent(all::add));
            }
        });
        return all;
    }

    /** Some results were submitted to several rounds. */
    static List<Entry> withoutRepetition(Collection<Entry> entries) {
        Map<String, Entry> first = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (entry.isTimeToTrain()
                    && entry.measured().minutes().isPresent()
                    && entry.measured().samples().isPresent()
                    && entry.measured().samplesPerSecond().isPresent()
                    && entry.task().batch().isPresent()
                    && entry.machine().scale().isPresent()) {
                String key = entry.task().benchmark() + "/" + entry.label().system() + "/"
                        + mean(entry.measured().minutes());
                first.putIfAbsent(key, entry);
            }
        }
        return List.copyOf(first.values());
    }

    private static Optional<ScaleUp> predict(
            Family family, int scales, Entry target, List<Entry> members, List<Entry> all) {
        List<Entry> smaller =
                members.stream().filter(entry -> scale(entry) < scale(target)).toList();
        List<Entry> sameRound = smaller.stream()
                .filter(entry -> entry.label().round().equals(target.label().round()))
                .toList();
        // Software of another round is another system; better than nothing.
        List<Entry> basis = sameRound.isEmpty() ? smaller : sameRound;
        return convergence(target, all).map(convergence -> {
            String system = family.submitter + ", " + family.generation;
            return predicted(family.benchmark, system, scales, target, basis, convergence);
        });
    }

    private static Optional<Convergence> convergence(Entry target, List<Entry> all) {
        return PublishedConvergence.of(all.stream()
                .filter(entry -> !entry.equals(target))
                .filter(entry -> entry.task().benchmark().equals(target.task().benchmark()))
                .filter(entry -> sameData(entry, target))
                .toList());
    }

    static boolean sameData(Entry entry, Entry target) {
        if (entry.task().trainSamples().isEmpty()
                || target.task().trainSamples().isEmpty()) {
            return false;
        }
        double ratio = (double) entry.task().trainSamples().getAsLong()
                / target.task().trainSamples().getAsLong();
        return Math.abs(ratio - 1) < SAME_DATA;
    }

    private static ScaleUp predicted(
            String benchmark, String system, int scales, Entry target, List<Entry> basis, Convergence convergence) {
        StepRate rate = StepRate.of(basis.stream().map(ScaleUp::point).toList());
        double samplesPerSecond = batch(target) / rate.seconds(batch(target) / scale(target));
        double samples = convergence.samples(batch(target));
        double staging = target.stagingInside();
        double training = samples / samplesPerSecond / SECONDS_PER_MINUTE;
        double margin = Math.exp(convergence.margin(batch(target), Comparison.CONFIDENCE));
        Interval interval = new Interval(staging + training / margin, staging + training * margin);
        double minutes = staging + training;
        return new ScaleUp(
                benchmark,
                system,
                scales,
                target,
                basis,
                new Predicted(minutes, interval),
                new Errors(
                        minutes / mean(target.measured().minutes()) - 1,
                        samplesPerSecond / mean(target.measured().samplesPerSecond()) - 1,
                        samples / mean(target.measured().samples()) - 1));
    }

    private static StepRate.Point point(Entry entry) {
        return new StepRate.Point(
                batch(entry) / scale(entry),
                batch(entry) / mean(entry.measured().samplesPerSecond()));
    }

    private static double mean(Optional<Sample> sample) {
        return sample.orElseThrow().mean();
    }

    private static double batch(Entry entry) {
        return entry.task().batch().orElseThrow();
    }

    private static long scale(Entry entry) {
        return entry.machine().scale().orElseThrow();
    }

    /** For messages: {@code deepcam on HelmholtzAI, A100 at 2048}. */
    public String inWords() {
        return String.format(Locale.ROOT, "%s on %s at %d", benchmark, system, scale(target));
    }
}
