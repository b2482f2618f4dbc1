package org.mlhpc.results.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.Interval;
import org.mlhpc.results.statistics.RatioOfMeans;
import org.mlhpc.results.statistics.Sample;

/**
 * A second entry against a first.
 *
 * @param compatibility whether and how far they can be compared
 * @param speed how many times as fast the second is, by the scores; empty if a score is not known
 * @param interval of the ratio of mean times; empty for results that were not repeated
 * @param verdict what the interval says
 * @param decomposition of {@code speed}
 */
public record Comparison(
        Entry first,
        Entry second,
        Compatibility compatibility,
        OptionalDouble speed,
        Optional<Interval> interval,
        Verdict verdict,
        Optional<Decomposition> decomposition) {
    /** About the second entry. */
    public enum Verdict {
        FASTER,
        SLOWER,
        CANNOT_TELL,
        NOT_COMPARABLE
    }

    /** The error rate of verdicts is one minus this. */
    public static final double CONFIDENCE = 0.95;

    /**
     * Compares two entries.
     *
     * @param anyway whether to give a verdict on entries that are not comparable; the remarks still say so
     */
    public static Comparison of(Entry first, Entry second, Normalisation normalisation, boolean anyway) {
        Compatibility compatibility = Compatibility.of(first, second);
        OptionalLong a = normalisation.count(first);
        OptionalLong b = normalisation.count(second);
        if (!compatibility.comparable() && !anyway) {
            return without(first, second, compatibility, Verdict.NOT_COMPARABLE);
        }
        if (a.isEmpty() || b.isEmpty()) {
            var remarks = new ArrayList<>(compatibility.remarks());
            remarks.add("the number of accelerators or nodes is not known");
            return without(first, second, new Compatibility(compatibility.comparable(), remarks), Verdict.CANNOT_TELL);
        }
        double counts = (double) a.getAsLong() / b.getAsLong();
        Optional<Interval> interval = interval(first, second).map(known -> known.times(counts));
        return new Comparison(
                first,
                second,
                compatibility,
                speed(first, second, counts),
                interval,
                interval.map(Comparison::verdict).orElse(Verdict.CANNOT_TELL),
                Decomposition.of(first, second).map(parts -> withCounts(parts, a.getAsLong(), b.getAsLong())));
    }

    private static Comparison without(Entry first, Entry second, Compatibility compatibility, Verdict verdict) {
        return new Comparison(
                first, second, compatibility, OptionalDouble.empty(), Optional.empty(), verdict, Optional.empty());
    }

    private static OptionalDouble speed(Entry first, Entry second, double counts) {
        OptionalDouble a = first.measured().score();
        OptionalDouble b = second.measured().score();
        if (a.isEmpty() || b.isEmpty()) {
            return first.isTimeToTrain()
                    ? ratioOfMeans(first, second).stream()
                            .mapToDouble(ratio -> ratio.ratio() * counts)
                            .findFirst()
                    : OptionalDouble.empty();
        }
        double better = first.isTimeToTrain() ? a.getAsDouble() / b.getAsDouble() : b.getAsDouble() / a.getAsDouble();
        return OptionalDouble.of(better * counts);
    }

    /** A throughput is one measurement, whose spread is not known. */
    private static Optional<Interval> interval(Entry first, Entry second) {
        return first.isTimeToTrain() ? ratioOfMeans(first, second).map(RatioOfMeans::interval) : Optional.empty();
    }

    private static Optional<RatioOfMeans> ratioOfMeans(Entry first, Entry second) {
        Optional<Sample> a = first.countedMinutes();
        Optional<Sample> b = second.countedMinutes();
        return a.isPresent() && b.isPresent() ? RatioOfMeans.of(b.get(), a.get(), CONFIDENCE) : Optional.empty();
    }

    private static Verdict verdict(Interval speeds) {
        if (speeds.low() > 1) {
            return Verdict.FASTER;
        }
        return speeds.high() < 1 ? Verdict.SLOWER : Verdict.CANNOT_TELL;
    }

    private static Decomposition withCounts(Decomposition parts, long a, long b) {
        if (a == b) {
            return parts;
        }
        double factor = (double) a / b;
        List<Decomposition.Factor> factors = new ArrayList<>(parts.factors());
        factors.add(new Decomposition.Factor("accelerators or nodes", factor, a, b, "1"));
        return new Decomposition(parts.ratio() * factor, factors);
    }
}
