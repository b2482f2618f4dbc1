package org.mlhpc.harness;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.PhaseClock;

/** Divides the time of a process among phases: each nanosecond since the start belongs to exactly one. */
public final class RunClock implements PhaseClock {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    /** What happens around training. */
    enum Stage {
        /** From the start of the process until the run begins, generation of data included. */
        PREPARATION,
        INITIALISATION,
        STAGING,
        /** Opening the data set and building the model. */
        SET_UP,
        /** Timing operators after the run, under {@code --profile}. */
        PROFILE,
        /** Writing the record of the run. */
        REPORT
    }

    private final LongSupplier nanoTime;
    private final Map<Stage, Time> stages = new EnumMap<>(Stage.class);
    private final Map<Phase, Time> phases = new EnumMap<>(Phase.class);
    /** Read by other threads too, as are the next three. */
    private volatile Time current;

    private volatile long movedNanos;
    private volatile int epoch;
    private volatile long step;

    private long since;

    /**
     * Where a process stands in a run.
     *
     * @param phase as in the record of the run
     * @param epoch from 1; 0 before the first
     * @param step last one done in the epoch, or batch of its evaluation
     * @param movedNanos time at which it came here
     */
    record Standing(String phase, int epoch, long step, long movedNanos) {}

    /** Time accumulated for one phase. */
    private static final class Time {
        private final String name;
        private long nanos;

        Time(Enum<?> phase) {
            this.name = name(phase);
        }

        private double seconds() {
            return nanos * SECONDS_PER_NANOSECOND;
        }
    }

    /**
     * Starts in {@link Stage#PREPARATION}.
     *
     * @param elapsedNanos what has passed since the process began
     */
    public RunClock(LongSupplier nanoTime, long elapsedNanos) {
        this.nanoTime = nanoTime;
        this.movedNanos = nanoTime.getAsLong();
        this.since = movedNanos - elapsedNanos;
        for (Phase phase : Phase.values()) {
            phases.put(phase, new Time(phase));
        }
        for (Stage stage : Stage.values()) {
            stages.put(stage, new Time(stage));
        }
        current = of(Stage.PREPARATION);
    }

    private Time of(Stage stage) {
        return Objects.requireNonNull(stages.get(stage));
    }

    private Time of(Phase phase) {
        return Objects.requireNonNull(phases.get(phase));
    }

    @Override
    public void enter(Phase next) {
        enter(of(next));
    }

    void enter(Stage next) {
        enter(of(next));
    }

    private void enter(Time next) {
        long now = nanoTime.getAsLong();
        current.nanos += now - since;
        since = now;
        current = next;
        movedNanos = now;
    }

    /** As much of an epoch has been trained or evaluated. */
    void reached(int epochNumber, long stepNumber) {
        epoch = epochNumber;
        step = stepNumber;
        movedNanos = nanoTime.getAsLong();
    }

    /** For other threads. */
    Standing standing() {
        return new Standing(current.name, epoch, step, movedNanos);
    }

    /**
     * Runs a collective. Its time is {@link Phase#SYNCHRONISATION} in a phase of training, and part of the stage in any
     * other stage, since a stage lasts until all ranks have ended it.
     */
    void await(Runnable collective) {
        within(Phase.SYNCHRONISATION, collective);
    }

    @Override
    public void allReduce(Runnable collective) {
        within(Phase.ALL_REDUCE, collective);
    }

    private void within(Phase wait, Runnable collective) {
        Time before = current;
        if (phases.containsValue(before)) {
            enter(wait);
        }
        collective.run();
        enter(before);
    }

    /** The time by which this clock goes. */
    long nanos() {
        return nanoTime.getAsLong();
    }

    /** Seconds spent in {@code phase} until it was last left. */
    public double seconds(Phase phase) {
        return of(phase).seconds();
    }

    /** Seconds by phase up to now, in the order of a run; phases that never were are left out. */
    Map<String, Double> secondsByPhase() {
        enter(current);
        var seconds = new LinkedHashMap<String, Double>();
        stages.forEach((stage, time) -> {
            if (stage == Stage.PROFILE) {
                phases.forEach((phase, part) -> putPositive(seconds, part));
            }
            putPositive(seconds, time);
        });
        return seconds;
    }

    /** What {@link #secondsByPhase} tells of each rank, by rank. Collective. */
    List<Map<String, Double>> secondsOfRanks(Communicator world) {
        var ranks = new ArrayList<Map<String, Double>>();
        for (int rank = 0; rank < world.size(); rank++) {
            ranks.add(new LinkedHashMap<>());
        }
        Map<String, Double> own = secondsByPhase();
        for (String phase : names()) {
            double[] seconds = world.gather(own.getOrDefault(phase, 0.0));
            for (int rank = 0; rank < seconds.length; rank++) {
                if (seconds[rank] > 0) {
                    ranks.get(rank).put(phase, seconds[rank]);
                }
            }
        }
        return ranks;
    }

    private List<String> names() {
        return Stream.concat(stages.values().stream(), phases.values().stream())
                .map(time -> time.name)
                .toList();
    }

    private static void putPositive(Map<String, Double> seconds, Time time) {
        if (time.nanos > 0) {
            seconds.put(time.name, time.seconds());
        }
    }

    /** Adds what an interrupted part of this run had spent, as {@link #secondsByPhase} gave it. */
    void add(Map<String, Double> earlier) {
        stages.forEach((stage, time) -> time.nanos += nanos(earlier, time));
        phases.forEach((phase, time) -> time.nanos += nanos(earlier, time));
    }

    private static long nanos(Map<String, Double> seconds, Time time) {
        return Math.round(seconds.getOrDefault(time.name, 0.0) / SECONDS_PER_NANOSECOND);
    }

    private static String name(Enum<?> phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
