package org.mlhpc.harness;

import java.util.List;
import java.util.Optional;
import org.mlhpc.api.PhaseClock.Phase;

/** The time in which a rank trains on its own, without waiting for others. */
final class OwnTime {
    /** The others are waits for other ranks, or no training. */
    private static final List<Phase> PARTS = List.of(Phase.DATA_STALL, Phase.FORWARD, Phase.BACKWARD, Phase.OPTIMIZER);

    private final RunClock clock;
    private final double before;

    /** From now on. */
    OwnTime(RunClock clock) {
        this.clock = clock;
        this.before = seconds();
    }

    private double seconds() {
        return PARTS.stream().mapToDouble(clock::seconds).sum();
    }

    /** Mean over {@code steps}; empty without any. */
    Optional<Double> secondsPerStep(long steps) {
        return steps == 0 ? Optional.empty() : Optional.of((seconds() - before) / steps);
    }
}
