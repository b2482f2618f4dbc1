package org.mlhpc.harness.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.mlhpc.api.PhaseClock.Phase;
import org.mlhpc.roofline.Spread;

/** The time of each training step, by phase, with the payload of its all-reduces. */
final class StepTimes {
    /** Parts of a step, in order; the harness looks after it between steps. */
    static final List<Phase> PHASES =
            List.of(Phase.DATA_STALL, Phase.FORWARD, Phase.BACKWARD, Phase.ALL_REDUCE, Phase.OPTIMIZER, Phase.HARNESS);

    private final ToDoubleFunction<Phase> seconds;
    private final LongSupplier payload;
    private final List<double[]> steps = new ArrayList<>();
    private final List<double[]> firsts = new ArrayList<>();
    private boolean first;
    private double[] before = {};
    private long payloadBefore;
    private double payloadBytes;

    /**
     * Times steps.
     *
     * @param seconds time of a phase so far
     * @param payload bytes handed to collectives so far
     */
    StepTimes(ToDoubleFunction<Phase> seconds, LongSupplier payload) {
        this.seconds = seconds;
        this.payload = payload;
    }

    void epochBegins() {
        first = true;
        stepBegins();
    }

    /** What has come since the last step is part of none. */
    void stepBegins() {
        before = now();
        payloadBefore = payload.getAsLong();
    }

    void stepEnded() {
        double[] now = now();
        double[] step = new double[now.length];
        Arrays.setAll(step, i -> now[i] - before[i]);
        (first ? firsts : steps).add(step);
        first = false;
        before = now;
        payloadBytes += payload.getAsLong() - payloadBefore;
        payloadBefore = payload.getAsLong();
    }

    private double[] now() {
        return PHASES.stream().mapToDouble(seconds).toArray();
    }

    /**
     * The first step of each epoch is left out, unless there are no others: the loader has nothing ready yet, and in the first
     * of all the engine chooses its kernels.
     */
    private List<double[]> timed() {
        return steps.isEmpty() ? firsts : steps;
    }

    /** Number of steps timed. */
    int count() {
        return timed().size();
    }

    /** Seconds of each timed step. */
    double[] seconds() {
        return timed().stream().mapToDouble(step -> Arrays.stream(step).sum()).toArray();
    }

    /** Seconds of {@code phase} in each timed step. */
    double[] seconds(Phase phase) {
        int index = PHASES.indexOf(phase);
        return timed().stream().mapToDouble(step -> step[index]).toArray();
    }

    Spread spread(Phase phase) {
        return Spread.of(seconds(phase));
    }

    /** Bytes that this rank handed to collectives, mean over all steps. */
    double payloadPerStep() {
        return payloadBytes / (firsts.size() + steps.size());
    }
}
