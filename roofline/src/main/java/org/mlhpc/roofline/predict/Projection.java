package org.mlhpc.roofline.predict;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.StepModel;

/**
 * What is predicted for one scale.
 *
 * @param batch samples per step over all ranks
 * @param stepSeconds with the spread of the fit and of single runs around it
 * @param alone seconds of a step that each resource would need for its work by itself, overhead left out
 * @param binding the resource that needs longest
 * @param overheadSeconds of a step, that no work explains
 * @param epochSeconds of training for an epoch whose data are where they stay
 * @param evaluationSeconds after each such epoch
 * @param epochs until the target; empty if no run converged
 * @param data where they are
 * @param trainSeconds from the start of staging to the target; empty if no run converged
 * @param extrapolation by which factor this lies beyond the runs
 * @param remarks what a reader must know
 */
public record Projection(
        Layout layout,
        double batch,
        Estimate stepSeconds,
        double samplesPerSecond,
        Map<Resource, Double> alone,
        Resource binding,
        double overheadSeconds,
        double epochSeconds,
        double evaluationSeconds,
        DataPlan data,
        Optional<Estimate> epochs,
        Optional<Estimate> trainSeconds,
        double extrapolation,
        List<String> remarks) {
    /** What limits the step, in a word: {@link StepModel#limit}, and {@code shared} where that is all nodes' storage. */
    public String limit() {
        boolean shared = binding == Resource.STORAGE && data.sharedLimits();
        return StepModel.limit(overheadSeconds, stepSeconds.value(), shared ? "shared" : binding.word());
    }

    /**
     * What most of the time to train goes to: {@code steps} (with what their first epochs read), {@code evaluation} or {@code
     * staging}; empty without time to train.
     */
    public Optional<String> timeGoesTo() {
        return trainSeconds.flatMap(total -> epochs.map(count -> {
            double evaluation = count.value() * evaluationSeconds;
            double staging = data.stagingSeconds();
            double steps = total.value() - evaluation - staging;
            if (steps >= evaluation && steps >= staging) {
                return "steps";
            }
            return evaluation >= staging ? "evaluation" : "staging";
        }));
    }
}
