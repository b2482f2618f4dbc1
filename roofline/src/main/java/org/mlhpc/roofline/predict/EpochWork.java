package org.mlhpc.roofline.predict;

import java.util.Map;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.StepModel;

/**
 * What is done in an epoch at one scale.
 *
 * @param steps of training
 * @param step ideal times of one
 */
record EpochWork(double steps, Map<Resource, Double> step, Evaluation evaluation) {
    double trainingSeconds(StepModel model) {
        return steps * model.seconds(step);
    }

    /** @param factor {@link FittedRuns#evaluationFactor} */
    double evaluationSeconds(StepModel model, double factor) {
        return factor * evaluation.seconds(model);
    }
}
