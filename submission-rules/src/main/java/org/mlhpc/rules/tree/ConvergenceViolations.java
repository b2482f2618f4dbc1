package org.mlhpc.rules.tree;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.mlhpc.results.Score;
import org.mlhpc.results.tree.ScalingFile;
import org.mlhpc.rules.Violation;

/** Compares the epochs that a set of runs needed with those of the reference, and reads the factor that a review gave. */
final class ConvergenceViolations {
    private static final String CONVERGENCE = "training_rules: Reference Convergence Points";

    private final ViolationList violations;
    private OptionalDouble expectedFactor = OptionalDouble.empty();

    ConvergenceViolations(Path folder) {
        this.violations = new ViolationList(folder);
    }

    List<Violation> all() {
        return violations.all();
    }

    /** What the review will multiply the score with; empty if nothing was compared, or the comparison fails. */
    OptionalDouble expectedFactor() {
        return expectedFactor;
    }

    void checkConvergence(Collection<Score.Judged> runs, ReferenceConvergence reference, Path scalingFile) {
        var batches = new TreeSet<Long>();
        runs.forEach(judged -> judged.run().globalBatchSize().ifPresent(batches::add));
        if (runs.size() < 3 || reference.isEmpty()) {
            return;
        }
        if (batches.size() != 1) {
            violations.error(
                    "set/convergence",
                    CONVERGENCE,
                    "batch sizes " + batches,
                    "the same in all logs",
                    "train all with one");
            return;
        }
        double[] epochs = runs.stream()
                .mapToDouble(judged -> judged.run().epochsToConverge().orElse(Double.POSITIVE_INFINITY))
                .toArray();
        double mean = Score.olympicMean(epochs);
        if (Double.isInfinite(mean)) {
            violations.error(
                    "set/convergence",
                    CONVERGENCE,
                    "two or more runs missed the target",
                    "at most one",
                    "train them again, or prune them in a throughput set");
            return;
        }
        compare(batches.first(), mean, reference, scalingFile);
    }

    private void compare(long batch, double mean, ReferenceConvergence reference, Path scalingFile) {
        Optional<ReferenceConvergence.Limit> limit = reference.limit(batch);
        String found = format("%.4g epochs at batch size %d", mean, batch);
        if (limit.isEmpty()) {
            violations.error(
                    "set/convergence",
                    CONVERGENCE,
                    found,
                    "batch sizes up to " + reference.largestBatch(),
                    "ask for a reference point for this batch size, or train with a smaller one");
        } else if (limit.get().accepts(mean)) {
            expectFactor(limit.get(), mean, found, scalingFile);
        } else {
            violations.error(
                    "set/convergence",
                    CONVERGENCE,
                    found,
                    format(
                            "at least %.6g; the reference needs %.6g",
                            limit.get().smallestAccepted(), limit.get().mean()),
                    "compare data, initial values and hyperparameters with the reference");
        }
    }

    private void expectFactor(ReferenceConvergence.Limit limit, double mean, String found, Path scalingFile) {
        double factor = limit.factor(mean);
        expectedFactor = OptionalDouble.of(factor);
        if (factor > 1 && !Files.exists(scalingFile, LinkOption.NOFOLLOW_LINKS)) {
            violations.warn(
                    "set/scaling",
                    CONVERGENCE,
                    found,
                    format("faster than the reference (%.6g) by chance", limit.mean()),
                    format("expect the review to multiply the score with %.5f", factor));
        }
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** The factor in {@code file}; 1 without it. */
    double readFactor(Path file) {
        OptionalDouble factor = ScalingFile.read(file);
        if (factor.isEmpty()) {
            violations.error(
                    "set/scaling",
                    CONVERGENCE,
                    "scaling.json without a positive scaling_factor",
                    "{\"scaling_factor\": 1.01}",
                    "write the number that the review decided on, or remove the file");
        }
        return factor.orElse(1);
    }
}
