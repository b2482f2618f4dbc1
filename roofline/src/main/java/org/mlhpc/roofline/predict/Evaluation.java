package org.mlhpc.roofline.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mlhpc.roofline.Resource;
import org.mlhpc.roofline.fit.StepModel;

/** One evaluation by the rank that has most samples: batches as large as those of training, and a smaller last one. */
public final class Evaluation {
    private final List<Batches> batches = new ArrayList<>();

    /** Equal batches, and the ideal times of one. */
    private record Batches(long count, Map<Resource, Double> ideal) {}

    /**
     * @param samples of the validation set
     * @param localBatch samples of a rank in a batch
     * @param batch work of a whole one
     * @param cluster where the data are read at its rate of storage
     */
    public Evaluation(long samples, double localBatch, StepDemand batch, Layout layout, Cluster cluster) {
        long most = -Math.floorDiv(-samples, (long) layout.ranks());
        long whole = (long) (most / localBatch);
        double rest = most / localBatch - whole;
        batches.add(new Batches(whole, cluster.ideal(batch, layout)));
        if (rest > 0) {
            batches.add(new Batches(1, cluster.ideal(batch.times(rest), layout)));
        }
    }

    /** Seconds by {@code model}, which knows of steps alone. */
    public double seconds(StepModel model) {
        return batches.stream()
                .mapToDouble(each -> each.count * model.seconds(each.ideal))
                .sum();
    }
}
