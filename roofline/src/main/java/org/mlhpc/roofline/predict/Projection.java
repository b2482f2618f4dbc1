package org.mlhpc.roofline.predict;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.roofline.Resource;

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
    /** What limits the step, in a word: the binding resource, or overhead if that takes longer than all of them. */
    public String limit() {
        return overheadSeconds > stepSeconds.value() / 2 ? "overhead" : binding.word();
    }
}
