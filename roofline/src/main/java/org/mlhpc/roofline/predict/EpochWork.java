package org.mlhpc.roofline.predict;

import java.util.List;
import java.util.Map;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.StepModel;

/**
 * What is done in an epoch at one scale.
 *
 * @param steps of training
 * @param step ideal times of one
 * @param evaluation batches of the rank that has most, ideal times of each kind
 */
record EpochWork(double steps, Map<Resource, Double> step, List<Batches> evaluation) {
    /** Equal batches. */
    record Batches(long count, Map<Resource, Double> ideal) {}

    double trainingSeconds(StepModel model) {
        return steps * model.seconds(step);
    }

    /** @param factor {@link FittedRuns#evaluationFactor} */
    double evaluationSeconds(StepModel model, double factor) {
        return factor
                * evaluation.stream()
                        .mapToDouble(batches -> batches.count * model.seconds(batches.ideal))
                        .sum();
    }
}
