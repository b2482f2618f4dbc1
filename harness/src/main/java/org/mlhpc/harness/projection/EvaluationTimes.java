package org.mlhpc.harness.projection;

import java.util.List;
import java.util.Optional;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Quantile;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.Cluster;
import org.mlhpc.roofline.predict.Evaluation;
import org.mlhpc.roofline.predict.StepDemand;

/** Measured times of evaluation beside what a fit to training steps says of the same forward passes. */
record EvaluationTimes(StepModel model, Cluster cluster, LoadingTimes loading) {
    /** The name of the phase in profiles. */
    private static final String EVALUATION = "evaluation";

    /** Measured by modelled, median over {@code runs}; empty if none evaluated with an account of its work. */
    Optional<Double> factor(List<ProfiledRun> runs) {
        double[] factors = runs.stream()
                .flatMap(run -> factor(run).stream())
                .mapToDouble(Double::doubleValue)
                .toArray();
        return factors.length == 0 ? Optional.empty() : Optional.of(Quantile.of(factors, 0.5));
    }

    private Optional<Double> factor(ProfiledRun run) {
        double seconds = run.record().epochs().stream()
                .mapToDouble(RunRecord.Epoch::evalSeconds)
                .sum();
        long epochs = run.record().epochs().stream()
                .filter(epoch -> epoch.evalSeconds() > 0)
                .count();
        double flop =
                run.profile().phase(EVALUATION).flatMap(Profile.Phase::flop).orElse(0.0);
        if (epochs == 0 || flop == 0) {
            return Optional.empty();
        }
        double perSample = 1.0 / (epochs * (double) run.evalSamples());
        var evaluation = new Evaluation(
                run.evalSamples(), run.localBatch(), batch(run, perSample), run.layout(), run.limited(cluster));
        return Optional.of(seconds / (epochs * evaluation.seconds(model)));
    }

    /**
     * As large as those of training.
     *
     * @param perSample what a sample has of the work of all evaluations
     */
    private StepDemand batch(ProfiledRun run, double perSample) {
        Profile.Phase phase = run.profile().phase(EVALUATION).orElseThrow();
        double share = perSample * run.profile().samplesPerStep() / run.layout().nodes();
        return StepDemand.computing(
                        phase.flop().orElseThrow() * share, phase.bytes().getOrDefault(Channel.MEMORY, 0.0) * share)
                .reading(run.storagePerNode(), loading.ofStep(run));
    }
}
