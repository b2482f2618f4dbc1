package org.mlhpc.rules.tree;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mlhpc.results.statistics.StudentT;

/**
 * The reference convergence points of a benchmark, and the test that tells a lucky or altered submission: it may not converge
 * in significantly fewer epochs than the reference. Training rules, "Reference Convergence Points".
 */
public final class ReferenceConvergence {
    private static final double SIGNIFICANCE = 0.05;

    private final List<ReferencePoint> points;
    private final int submittedRuns;

    private ReferenceConvergence(List<ReferencePoint> points, int submittedRuns) {
        this.points = points;
        this.submittedRuns = submittedRuns;
    }

    /**
     * What the test compares with.
     *
     * @param mean epochs of the reference
     * @param smallestAccepted epochs below which a submission fails
     */
    public record Limit(double mean, double smallestAccepted) {
        /** Whether a submission with this olympic mean passes. */
        public boolean accepts(double epochs) {
            return epochs >= smallestAccepted;
        }

        /** What the score of an accepted submission is multiplied with: above 1 if it converged faster than the mean. */
        public double factor(double epochs) {
            return epochs < mean ? mean / epochs : 1;
        }
    }

    /** The points in force, pruned; without points for benchmarks and rulesets that have none. */
    public static ReferenceConvergence of(String benchmark, String ruleset, int submittedRuns) {
        List<ReferencePoint> all = load().stream()
                .filter(point -> point.benchmark().equals(benchmark))
                .filter(point -> point.rulesets().contains(ruleset))
                .sorted(Comparator.comparingLong(ReferencePoint::batch))
                .toList();
        return new ReferenceConvergence(prune(all), submittedRuns);
    }

    private static List<ReferencePoint> load() {
        try (InputStream in =
                ReferenceConvergence.class.getResourceAsStream("/org/mlhpc/rules/reference-convergence.json")) {
            if (in == null) {
                throw new IllegalStateException("the table reference-convergence.json is not on the class path");
            }
            return JsonMapper.builder().build().readValue(in, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the table reference-convergence.json", e);
        }
    }

    /** Without batches below the fastest one, and without points slower than the line between their neighbours. */
    private static List<ReferencePoint> prune(List<ReferencePoint> points) {
        if (points.isEmpty()) {
            return points;
        }
        ReferencePoint fastest = points.stream()
                .min(Comparator.comparingDouble(ReferencePoint::mean))
                .orElseThrow();
        var kept = new ArrayList<>(points.subList(points.indexOf(fastest), points.size()));
        int i = 1;
        while (i < kept.size() - 1) {
            ReferencePoint low = kept.get(i - 1);
            ReferencePoint high = kept.get(i + 1);
            if (kept.get(i).mean() > interpolate(kept.get(i).batch(), low, high, low.mean(), high.mean())) {
                kept.remove(i);
            } else {
                i++;
            }
        }
        return List.copyOf(kept);
    }

    public boolean isEmpty() {
        return points.isEmpty();
    }

    /** The smallest batch size with a point. */
    public long smallestBatch() {
        return points.get(0).batch();
    }

    /** The largest batch size with a point. */
    public long largestBatch() {
        return points.get(points.size() - 1).batch();
    }

    /** The limit for a batch size: between two points by interpolation, below all of them the smallest; empty above. */
    public Optional<Limit> limit(long batch) {
        for (int i = 0; i < points.size(); i++) {
            ReferencePoint high = points.get(i);
            if (batch == high.batch() || (batch < high.batch() && i == 0)) {
                return Optional.of(limit(high.mean(), high.deviation(), high.runs() - 2));
            }
            if (batch < high.batch()) {
                ReferencePoint low = points.get(i - 1);
                return Optional.of(limit(
                        interpolate(batch, low, high, low.mean(), high.mean()),
                        interpolate(batch, low, high, low.deviation(), high.deviation()),
                        2 * submittedRuns));
            }
        }
        return Optional.empty();
    }

    /** One-sided t-test of two means with equal variance. */
    private Limit limit(double mean, double deviation, int referenceRuns) {
        int counted = submittedRuns - 2;
        double quantile = StudentT.quantile(1 - SIGNIFICANCE, counted + referenceRuns - 2);
        return new Limit(mean, mean - quantile * deviation * Math.sqrt(1.0 / counted + 1.0 / referenceRuns));
    }

    private static double interpolate(
            long batch, ReferencePoint low, ReferencePoint high, double atLow, double atHigh) {
        return atLow + (atHigh - atLow) * (batch - low.batch()) / (high.batch() - low.batch());
    }
}
