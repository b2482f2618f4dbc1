package org.mlhpc.results.compare;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.results.statistics.Sample;

/**
 * A published time to train against its prediction from smaller scales of the same benchmark. Throughput comes from those;
 * samples to convergence and staging by the {@link Rule}. docs/metrics.md derives it.
 *
 * @param system the machine, or submitter and accelerator if the smaller scales are of several machines
 * @param scales of the system in this benchmark, without repetition
 * @param basis results that the throughput comes from
 * @param law that samples to convergence follow
 * @param minutes predicted
 */
public record ScaleUp(
        String benchmark,
        String system,
        int scales,
        Entry target,
        List<Entry> basis,
        String law,
        Predicted minutes,
        Errors errors) {
    static final Comparator<Entry> BY_SCALE = Comparator.comparingLong(ScaleUp::scale);

    private static final double SECONDS_PER_MINUTE = 60;

    /** What a prediction may look at, beside the throughput of smaller scales. */
    public enum Rule {
        /**
         * Samples to convergence from the batch sizes of all other results of the benchmark, larger and later ones too; staging
         * as it was published, because where data start and go is a choice, not a consequence of scale.
         */
        OTHERS,
        /** Nothing but the smaller scales of the same system in this and earlier rounds: a forecast. */
        STRICT
    }

    /** @param interval of convergence, 95 %; empty if nothing tells it */
    public record Predicted(double value, Optional<Interval> interval) {}

    /** Predicted by measured, minus 1, of what the time to train is made of. */
    public record Errors(double minutes, double samplesPerSecond, double samplesToConverge) {}

    /** A result that cannot be predicted. */
    public record Skipped(Entry target, String reason) {}

    /** What came of predicting all results that have enough smaller scales. */
    public record Predictions(List<ScaleUp> predicted, List<Skipped> skipped) {
        public Predictions {
            predicted = List.copyOf(predicted);
            skipped = List.copyOf(skipped);
        }
    }

    /**
     * Predicts every scale of each benchmark and machine from its smaller ones.
     *
     * @param leastScales machines with fewer scales are left out; what is predicted has {@code leastScales - 1} below it, of
     *     whatever round
     */
    public static Predictions of(Collection<Entry> entries, int leastScales, Rule rule) {
        return new ScaleUps(entries, rule).onOneMachine(leastScales);
    }

    /**
     * Predicts from smaller scales of which at least one is of another machine with the same submitter and generation of
     * accelerator: not a prediction for a system from itself.
     *
     * @param leastScales groups of machines with fewer scales together are left out
     */
    public static Predictions acrossMachines(Collection<Entry> entries, int leastScales, Rule rule) {
        return new ScaleUps(entries, rule).acrossMachines(leastScales);
    }

    /** The machine that an entry was measured on, by its name. */
    public static String machineOf(Entry entry) {
        return Family.ofMachine(entry).system();
    }

    /** Whether the interval holds the published time; empty without interval. */
    public Optional<Boolean> held() {
        double published = mean(target.measured().minutes());
        return minutes.interval.map(interval -> interval.low() <= published && published <= interval.high());
    }

    static ScaleUp of(Family family, int scales, Entry target, List<Entry> basis, SampleLaw law, double staging) {
        StepRate rate = StepRate.of(basis.stream().map(ScaleUp::point).toList());
        double batch = batch(target);
        double samplesPerSecond = batch / rate.seconds(batch / scale(target));
        double samples = law.samples(batch);
        double training = samples / samplesPerSecond / SECONDS_PER_MINUTE;
        Optional<Interval> interval = law.interval(batch)
                .map(known -> new Interval(
                        staging + training * known.low() / samples, staging + training * known.high() / samples));
        double minutes = staging + training;
        return new ScaleUp(
                family.benchmark(),
                family.system(),
                scales,
                target,
                basis,
                law.label(),
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

    static double mean(Optional<Sample> sample) {
        return sample.orElseThrow().mean();
    }

    static double batch(Entry entry) {
        return entry.task().batch().orElseThrow();
    }

    static long scale(Entry entry) {
        return entry.machine().scale().orElseThrow();
    }
}
