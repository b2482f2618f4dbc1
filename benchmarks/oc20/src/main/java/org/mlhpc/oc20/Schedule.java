package org.mlhpc.oc20;

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
        require(globalBatchSize >= 1, "global_batch_size", globalBatchSize, "at least 1");
        require(lrInitial > 0, "lr_initial", lrInitial, "positive");
        require(warmupSteps >= 0, "warmup_steps", warmupSteps, "at least 0");
        require(warmupFactor >= 0 && warmupFactor <= 1, "warmup_factor", warmupFactor, "from 0 to 1");
        require(
                lrMilestones.stream().sorted().distinct().toList().equals(lrMilestones)
                        && lrMilestones.stream().allMatch(step -> step > 0),
                "lr_milestones",
                lrMilestones,
                "increasing and positive");
        require(lrGamma >= 0 && lrGamma <= 1, "lr_gamma", lrGamma, "from 0 to 1");
    }

    private static void require(boolean condition, String key, Object value, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException("setting " + key + "=" + value + " must be " + allowed);
        }
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
