package org.mlhpc.results.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mlhpc.results.entry.Entry;
import org.mlhpc.results.statistics.Sample;

/**
 * How much each part of the time to train T = staging + E * training + E * evaluation + other has to do with one entry being
 * faster than another: the logarithmic mean Divisia index I, which leaves no residual (Ang, "The LMDI approach to decomposition
 * analysis: a practical guide", Energy Policy 33, 2005; docs/metrics.md). E is the number of epochs to convergence. Where
 * training or evaluation is not known of both, it is part of the next coarser factor.
 *
 * @param ratio by how much the second is faster: the product of the factors
 * @param factors above 1 where the second is better
 */
public record Decomposition(double ratio, List<Factor> factors) {
    /**
     * A factor.
     *
     * @param first value of the first entry, in {@code unit}
     * @param second value of the second
     */
    public record Factor(String name, double factor, double first, double second, String unit) {}

    private static final String MINUTES = "min";
    private static final String PER_EPOCH = "min/epoch";

    /** Minutes of an entry, parted; empty is what is not known. */
    private record Parts(
            double whole, double staging, OptionalDouble epochs, OptionalDouble training, OptionalDouble evaluation) {
        static Optional<Parts> of(Entry entry) {
            return entry.measured()
                    .minutes()
                    .map(minutes -> new Parts(
                            minutes.mean(),
                            entry.stagingInside(),
                            entry.epochs()
                                    .map(Sample::mean)
                                    .map(OptionalDouble::of)
                                    .orElseGet(OptionalDouble::empty),
                            entry.measured().trainMinutes(),
                            entry.measured().evalMinutes()));
        }
    }

    /**
     * Decomposes the ratio of two times to train.
     *
     * @return empty if a time is not known, or it is no time to train
     */
    public static Optional<Decomposition> of(Entry first, Entry second) {
        Optional<Parts> a = Parts.of(first);
        Optional<Parts> b = Parts.of(second);
        if (a.isEmpty() || b.isEmpty() || !first.isTimeToTrain() || !second.isTimeToTrain()) {
            return Optional.empty();
        }
        List<Factor> factors = new ArrayList<>(new Weights(a.get(), b.get()).factors());
        scoreRule(first, second).ifPresent(factors::add);
        double product = factors.stream().mapToDouble(Factor::factor).reduce(1, (x, y) -> x * y);
        return Optional.of(new Decomposition(product, factors));
    }

    /** From means over runs to scores: the fastest and the slowest run do not count, and a review may have set a factor. */
    private static Optional<Factor> scoreRule(Entry first, Entry second) {
        OptionalDouble a = scoreByMean(first);
        OptionalDouble b = scoreByMean(second);
        return a.isPresent() && b.isPresent()
                ? Optional.of(new Factor(
                        "score by mean time", a.getAsDouble() / b.getAsDouble(), a.getAsDouble(), b.getAsDouble(), "1"))
                : Optional.empty();
    }

    private static OptionalDouble scoreByMean(Entry entry) {
        OptionalDouble score = entry.measured().score();
        return score.isPresent()
                ? OptionalDouble.of(score.getAsDouble()
                        / entry.measured().minutes().orElseThrow().mean())
                : score;
    }

    /** Adds up contributions to the logarithm of the ratio of the whole times. */
    private static final class Weights {
        private final Parts a;
        private final Parts b;
        private final double mean;
        private final boolean training;
        private final boolean evaluation;
        private double epochs;
        private final List<Factor> perEpoch = new ArrayList<>();

        Weights(Parts a, Parts b) {
            this.a = a;
            this.b = b;
            this.mean = logarithmicMean(a.whole, b.whole);
            boolean converged = a.epochs.isPresent() && b.epochs.isPresent();
            this.training = converged && a.training.isPresent() && b.training.isPresent();
            this.evaluation = training && a.evaluation.isPresent() && b.evaluation.isPresent();
        }

        List<Factor> factors() {
            List<Factor> factors = new ArrayList<>();
            factors.add(plain("staging", a.staging, b.staging));
            if (!training) {
                double restA = a.whole - a.staging;
                double restB = b.whole - b.staging;
                if (a.epochs.isEmpty() || b.epochs.isEmpty()) {
                    factors.add(plain("everything else", restA, restB));
                    return factors;
                }
                addPerEpoch("time per epoch", restA, restB);
                return withEpochs(factors);
            }
            double otherA = a.whole - a.staging - a.training.getAsDouble();
            double otherB = b.whole - b.staging - b.training.getAsDouble();
            addPerEpoch("training per epoch", a.training.getAsDouble(), b.training.getAsDouble());
            if (evaluation) {
                addPerEpoch("evaluation per epoch", a.evaluation.getAsDouble(), b.evaluation.getAsDouble());
                otherA -= a.evaluation.getAsDouble();
                otherB -= b.evaluation.getAsDouble();
            }
            withEpochs(factors).add(plain(evaluation ? "other" : "evaluation and other", otherA, otherB));
            return factors;
        }

        private List<Factor> withEpochs(List<Factor> factors) {
            factors.add(new Factor(
                    "epochs to converge", Math.exp(epochs), a.epochs.orElseThrow(), b.epochs.orElseThrow(), "epochs"));
            factors.addAll(perEpoch);
            return factors;
        }

        private Factor plain(String name, double minutesA, double minutesB) {
            return new Factor(name, Math.exp((minutesA - minutesB) / mean), minutesA, minutesB, MINUTES);
        }

        /** Parts E * t between E and t; the part of t is what is left, which is also right where a time is 0. */
        private void addPerEpoch(String name, double minutesA, double minutesB) {
            double epochsA = a.epochs.orElseThrow();
            double epochsB = b.epochs.orElseThrow();
            double share = logarithmicMean(minutesA, minutesB) / mean * Math.log(epochsA / epochsB);
            epochs += share;
            double factor = Math.exp((minutesA - minutesB) / mean - share);
            perEpoch.add(new Factor(name, factor, minutesA / epochsA, minutesB / epochsB, PER_EPOCH));
        }
    }

    /** (x - y) / ln(x / y); its limits x for y = x, and 0 where one of them is not positive. */
    static double logarithmicMean(double x, double y) {
        if (x <= 0 || y <= 0) {
            return 0;
        }
        double relative = (x - y) / y;
        // log1p keeps the digits that x / y would lose near 1.
        return relative == 0 ? x : (x - y) / Math.log1p(relative);
    }
}
