package org.mlhpc.oc20;

import static org.mlhpc.api.Settings.require;
import static org.mlhpc.api.Settings.requireAtLeast;

import java.util.List;

/**
 * The learning rate by update: it rises along a line from warmupFactor times the initial rate, and falls by lrGamma at each
 * milestone. Settings of the same names.
 */
record Schedule(
        int globalBatchSize,
        double lrInitial,
        int warmupSteps,
        double warmupFactor,
        List<Integer> lrMilestones,
        double lrGamma) {
    Schedule {
        requireAtLeast(1, "global_batch_size", globalBatchSize);
        require(lrInitial > 0, "lr_initial", lrInitial, "positive");
        requireAtLeast(0, "warmup_steps", warmupSteps);
        require(warmupFactor >= 0 && warmupFactor <= 1, "warmup_factor", warmupFactor, "from 0 to 1");
        require(
                lrMilestones.stream().sorted().distinct().toList().equals(lrMilestones)
                        && lrMilestones.stream().allMatch(step -> step > 0),
                "lr_milestones",
                lrMilestones,
                "increasing and positive");
        require(lrGamma >= 0 && lrGamma <= 1, "lr_gamma", lrGamma, "from 0 to 1");
    }

    /** The rate of the update that follows {@code updates}. As published, warm-up includes the step of its length. */
    double rate(long updates) {
        if (updates <= warmupSteps && warmupSteps > 0) {
            double done = (double) updates / warmupSteps;
            return lrInitial * (warmupFactor * (1 - done) + done);
        }
        int passed = (int) lrMilestones.stream().filter(step -> step <= updates).count();
        return lrInitial * Math.pow(lrGamma, passed);
    }
}
