package org.mlhpc.harness.projection;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mlhpc.api.OperatorWork.Pass;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Workload;
import org.mlhpc.roofline.predict.Layout;
import org.mlhpc.roofline.predict.Predictor;
import org.mlhpc.roofline.predict.StepDemand;

/** The work of a step at scales that nobody has run, from the workload's own account. */
public final class Projector {
    private static final String BATCH = "global_batch_size";

    /** Settings that change how fast a run is or how large its batches are, but not what is learned. */
    static final Set<String> BATCH_AND_SPEED = Set.of(BATCH, "loader_threads", "prefetch_batches", "bucket_mb");

    private final Workload<?> workload;
    private final Settings settings;

    public Projector(Workload<?> workload, Settings settings) {
        this.workload = workload;
        this.settings = settings;
    }

    /**
     * Training at this scale.
     *
     * @param batch samples per step over all ranks
     * @throws IllegalArgumentException if the batch cannot be divided among the ranks
     */
    public Predictor.Scenario scenario(Layout layout, long batch) {
        if (batch % layout.ranks() != 0) {
            throw new IllegalArgumentException(
                    "a batch of " + batch + " samples cannot be divided among " + layout.ranks() + " ranks");
        }
        Optional<StepWork> known =
                workload.stepWork(settings.with(Map.of(BATCH, Long.toString(batch))), layout.ranks());
        StepWork step = known.orElseThrow(() -> new IllegalArgumentException(
                workload.name() + " does not account for its FLOP and bytes, so that its steps cannot be predicted"));
        Pass all = step.forward().plus(step.backward()).plus(step.optimizer());
        double gradientBytes = workload.spec(settings).parameters() * (double) Float.BYTES;
        var demand = new StepDemand(
                all.flop() * layout.ranksPerNode(), all.bytes() * layout.ranksPerNode(), 0, gradientBytes);
        return new Predictor.Scenario(layout, batch, demand);
    }
}
