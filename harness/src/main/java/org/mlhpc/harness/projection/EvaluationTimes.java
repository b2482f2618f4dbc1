package org.mlhpc.harness.projection;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mlhpc.results.Profile;
import org.mlhpc.results.RunRecord;
import org.mlhpc.roofline.Channel;
import org.mlhpc.roofline.Quantile;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.StepModel;
import org.mlhpc.roofline.predict.Cluster;
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
        double batches = epochs * (double) run.evalSamples() / run.profile().samplesPerStep();
        return Optional.of(seconds / (batches * model.seconds(ideal(run, batches))));
    }

    /** Of a batch as large as those of training. */
    private Map<Resource, Double> ideal(ProfiledRun run, double batches) {
        Profile.Phase phase = run.profile().phase(EVALUATION).orElseThrow();
        double perNode = batches * run.layout().nodes();
        StepDemand demand = StepDemand.computing(
                        phase.flop().orElseThrow() / perNode, phase.bytes().getOrDefault(Channel.MEMORY, 0.0) / perNode)
                .reading(run.storagePerNode(), loading.ofStep(run));
        return run.limited(cluster).ideal(demand, run.layout());
    }
}
