package org.mlhpc.harness.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.results.compare.PublishedConvergence;
import org.mlhpc.roofline.predict.Convergence;
import org.mlhpc.roofline.predict.FittedRuns;
import org.mlhpc.roofline.predict.Growth;

/**
 * Samples to convergence by batch size, and where they are known from.
 *
 * @param law empty if nothing tells it
 * @param obstacle why there is no law; empty text if there is one
 * @param otherwise which runs that reached a target had no part in the law, in words; empty if all had
 */
record ConvergenceSource(Optional<Convergence> law, Known known, String obstacle, Optional<String> otherwise) {
    private static final String FIX =
            ": add a run like the largest one without --max-steps, or give --samples-to-converge";

    /** Where a law comes from. */
    enum Known {
        FROM_RUNS,
        /** Its shape; the level is that of runs. */
        FROM_PUBLISHED,
        GIVEN
    }

    /** The same at every batch size, without error. */
    static ConvergenceSource given(long samples) {
        var constant = new Convergence.Shape(Growth.POWER, 1, 0, 0, 0, 1);
        return new ConvergenceSource(
                Optional.of(new Convergence(constant, samples, 0, 0, Double.POSITIVE_INFINITY)),
                Known.GIVEN,
                "",
                Optional.empty());
    }

    /** The runs' own law; where their batch sizes are too few, the shape of that of the published results of the benchmark. */
    static ConvergenceSource of(FittedRuns runs) {
        List<Convergence.Point> points = runs.converged();
        Optional<String> otherwise = runs.convergedOtherwise();
        if (points.isEmpty()) {
            String why = otherwise.orElse("no fitted run reached its target");
            return new ConvergenceSource(Optional.empty(), Known.FROM_RUNS, why + FIX, otherwise);
        }
        Optional<Convergence> own = Convergence.of(points);
        if (own.isPresent()) {
            return new ConvergenceSource(own, Known.FROM_RUNS, "", otherwise);
        }
        Optional<Convergence> borrowed =
                PublishedConvergence.shape(runs.workload()).map(shape -> Convergence.with(shape, points));
        return new ConvergenceSource(
                borrowed,
                Known.FROM_PUBLISHED,
                borrowed.isPresent() ? "" : tooFew(runs.workload(), otherwise),
                otherwise);
    }

    private static String tooFew(String workload, Optional<String> otherwise) {
        return "fewer than three fitted runs of two batch sizes reached the target of the largest run"
                + otherwise.map(others -> " (" + others + ")").orElse("") + ", and no published results of " + workload
                + " tell how samples grow with the batch: add runs of the same task with other batch sizes";
    }

    /** Whether runs tell how many samples are needed. */
    boolean isOfRuns() {
        return law.isPresent() && known != Known.GIVEN;
    }

    /** What a reader of each prediction must know. */
    List<String> remarks() {
        if (law.isEmpty()) {
            return List.of();
        }
        var remarks = new ArrayList<String>();
        if (known == Known.FROM_PUBLISHED) {
            remarks.add("how convergence changes with the batch is that of published results");
        }
        if (known == Known.GIVEN) {
            remarks.add("samples to converge were given: the same for every batch, and without a part of the interval");
        }
        otherwise.ifPresent(others -> remarks.add("left out of samples to converge: " + others));
        return remarks;
    }

    String inWords() {
        return law.map(this::inWords).orElse("no time to train: " + obstacle);
    }

    private String inWords(Convergence found) {
        if (known == Known.GIVEN) {
            return String.format(Locale.ROOT, "samples to converge = %.0f, as given", found.level());
        }
        return String.format(
                Locale.ROOT,
                "samples to converge = %s, %s; level from batches of %.4g to %.4g, exponent there %.2f +- %.2f (standard"
                        + " error) from %s",
                found.formula(),
                found.shape().growth().label(),
                found.smallestBatch(),
                found.largestBatch(),
                found.shape().exponent(),
                found.shape().error(),
                known == Known.FROM_PUBLISHED
                        ? "the published results of the benchmark, at their size"
                        : "the same runs");
    }
}
