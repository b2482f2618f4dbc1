package org.mlhpc.harness;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mlhpc.api.PhaseClock.Phase;

/** The time of a step in which a rank trains on its own, without waiting for others. */
final class OwnTime {
    /** The others are waits for other ranks, or no training. */
    private static final List<Phase> PARTS = List.of(Phase.DATA_STALL, Phase.FORWARD, Phase.BACKWARD, Phase.OPTIMIZER);

    /** The last steps say how fast a rank is; an epoch of many need not be kept. */
    private static final int KEPT = 1024;
    /** First steps start the engine and fill caches: of fewer the median would be theirs. */
    private static final int LEAST = 5;

    private final RunClock clock;
    private final double[] last = new double[KEPT];
    private double before;
    private long steps;

    OwnTime(RunClock clock) {
        this.clock = clock;
        this.before = seconds();
    }

    private double seconds() {
        return PARTS.stream().mapToDouble(clock::seconds).sum();
    }

    /** None of what happened since the last step belongs to the next one. */
    void begin() {
        before = seconds();
    }

    /** A step has ended, and the clock has left its phases. */
    void stepEnded() {
        double now = seconds();
        last[(int) (steps % KEPT)] = now - before;
        before = now;
        steps++;
    }

    /** Median over the last steps; empty if there are too few. */
    Optional<Double> secondsPerStep() {
        int kept = (int) Math.min(steps, KEPT);
        if (kept < LEAST) {
            return Optional.empty();
        }
        double[] sorted = Arrays.copyOf(last, kept);
        Arrays.sort(sorted);
        return Optional.of((sorted[(kept - 1) / 2] + sorted[kept / 2]) / 2);
    }
}
