package org.mlhpc.harness.projection;

import java.util.List;
import org.mlhpc.api.AllReduce;
import org.mlhpc.api.OperatorWork.Pass;
import org.mlhpc.api.Settings;
import org.mlhpc.api.StepWork;
import org.mlhpc.api.Workload;
import org.mlhpc.roofline.predict.Layout;
import org.mlhpc.roofline.predict.Predictor;
import org.mlhpc.roofline.predict.StepDemand;

/** The work of a step at scales that nobody has run, from the workload's own account. */
public final class Projector {
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
        StepWork step = workload.stepWork(settings.with(Settings.GLOBAL_BATCH_SIZE, batch), layout.ranks())
                .orElseThrow(() -> new IllegalArgumentException(workload.name()
                        + " does not account for its FLOP and bytes, so that its steps cannot be predicted"));
        StepDemand training = demand(step.forward().plus(step.backward()).plus(step.optimizer()), layout);
        var reducing = new StepDemand(
                training.flopPerNode(), training.memoryBytesPerNode(), 0, reductions(step), training.loading());
        return new Predictor.Scenario(layout, batch, reducing, demand(step.forward(), layout));
    }

    /** All gradients at once, if the workload does not tell. */
    private List<AllReduce> reductions(StepWork step) {
        return step.allReduces().isEmpty()
                ? List.of(AllReduce.ofAll(workload.spec(settings).parameters() * Float.BYTES))
                : step.allReduces();
    }

    private static StepDemand demand(Pass pass, Layout layout) {
        return StepDemand.computing(pass.flop() * layout.ranksPerNode(), pass.bytes() * layout.ranksPerNode());
    }
}
