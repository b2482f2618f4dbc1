package org.mlhpc.roofline.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mlhpc.roofline.Resource;

/** What a reader of predictions must know: how far they are beyond the runs, and what they leave out. */
final class Caveats {
    /** Beyond it, a prediction says so. */
    private static final double TRUSTED_EXTRAPOLATION = 10;

    private final FittedRuns runs;
    private final Cluster cluster;
    private final Optional<Convergence> convergence;
    private final List<String> assumptions;

    Caveats(FittedRuns runs, Cluster cluster, Optional<Convergence> convergence, List<String> assumptions) {
        this.runs = runs;
        this.cluster = cluster;
        this.convergence = convergence;
        this.assumptions = List.copyOf(assumptions);
    }

    boolean knows(Resource resource) {
        return runs.fit().model().efficiency().containsKey(resource);
    }

    /** By which factor {@code scenario} lies beyond the runs. */
    double extrapolation(Predictor.Scenario scenario) {
        double work = runs.range()
                .extrapolation(
                        scenario.layout(),
                        scenario.localBatch(),
                        scenario.step().flopPerNode());
        return Math.max(
                work,
                convergence.map(known -> known.extrapolation(scenario.batch())).orElse(1.0));
    }

    List<String> of(Predictor.Scenario scenario, DataPlan plan) {
        var remarks = new ArrayList<String>();
        double factor = extrapolation(scenario);
        if (factor > TRUSTED_EXTRAPOLATION) {
            remarks.add(String.format(Locale.ROOT, "%.0f times beyond the runs", factor));
        }
        remarks.addAll(assumptions);
        if (scenario.layout().ranks() > 1 && !knows(Resource.NETWORK)) {
            remarks.add("no run had several ranks: network left out");
        }
        boolean sizes = !Double.isInfinite(cluster.storage()) && runs.data().bytesPerSample() > 0;
        if (!sizes) {
            remarks.add("storage or the size of samples was not measured: staging and reading left out");
        } else if (!Double.isInfinite(plan.bytesPerSecond()) && !knows(Resource.STORAGE)) {
            remarks.add("no run was limited by storage: reading left out");
        }
        if (runs.loader().isEmpty()) {
            remarks.add("no run tells what decoding needs: loader left out");
        }
        if (runs.evaluationFactor().isEmpty()) {
            remarks.add("no run evaluated: evaluation left out");
        }
        return remarks;
    }
}
