package org.mlhpc.harness.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.results.compare.PublishedConvergence;
import org.mlhpc.roofline.predict.Convergence;
import org.mlhpc.roofline.predict.FittedRuns;

/**
 * Samples to convergence by batch size, and where they are known from.
 *
 * @param law empty if nothing tells it
 * @param published whether its shape is that of published results
 * @param obstacle why there is no law; empty text if there is one
 */
record ConvergenceSource(Optional<Convergence> law, boolean published, String obstacle) {
    /** The runs' own law; where their batch sizes are too few, the shape of that of the published results of the benchmark. */
    static ConvergenceSource of(FittedRuns runs) {
        List<Convergence.Point> points = runs.converged();
        if (points.isEmpty()) {
            return new ConvergenceSource(Optional.empty(), false, "no fitted run reached its target");
        }
        Optional<Convergence> own = Convergence.of(points);
        if (own.isPresent()) {
            return new ConvergenceSource(own, false, "");
        }
        Optional<Convergence> borrowed =
                PublishedConvergence.shape(runs.workload()).map(shape -> Convergence.with(shape, points));
        return new ConvergenceSource(
                borrowed,
                true,
                borrowed.isPresent()
                        ? ""
                        : "fewer than three fitted runs of two batch sizes reached their target, and no published"
                                + " results of " + runs.workload()
                                + " tell how samples grow with the batch: add runs of other batch sizes");
    }

    /** What a reader of each prediction must know. */
    List<String> remarks() {
        return law.isPresent() && published
                ? List.of("how convergence changes with the batch is that of published results")
                : List.of();
    }

    String inWords() {
        return law.map(this::inWords).orElse("no time to train: " + obstacle);
    }

    private String inWords(Convergence known) {
        return String.format(
                Locale.ROOT,
                "samples to converge = %s, %s; level from batches of %.4g to %.4g, exponent there %.2f +- %.2f (standard"
                        + " error) from %s",
                known.formula(),
                known.shape().growth().label(),
                known.smallestBatch(),
                known.largestBatch(),
                known.shape().exponent(),
                known.shape().error(),
                published ? "the published results of the benchmark, at their size" : "the same runs");
    }
}
