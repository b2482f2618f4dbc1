package org.mlhpc.harness;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
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
    private Time current;
    private long since;

    /** Time accumulated for one phase. */
    private static final class Time {
        private long nanos;

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
        this.since = nanoTime.getAsLong() - elapsedNanos;
        for (Phase phase : Phase.values()) {
            phases.put(phase, new Time());
        }
        for (Stage stage : Stage.values()) {
            stages.put(stage, new Time());
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
    }

    /**
     * Runs a collective. Its time is {@link Phase#SYNCHRONISATION} in a phase of training, and part of the stage in any
     * other stage, since a stage lasts until all ranks have ended it.
     */
    void await(Runnable collective) {
        Time before = current;
        if (phases.containsValue(before)) {
            enter(Phase.SYNCHRONISATION);
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
                phases.forEach((phase, part) -> putPositive(seconds, phase, part));
            }
            putPositive(seconds, stage, time);
        });
        return seconds;
    }

    private static void putPositive(Map<String, Double> seconds, Enum<?> phase, Time time) {
        if (time.nanos > 0) {
            seconds.put(name(phase), time.seconds());
        }
    }

    /** Adds what an interrupted part of this run had spent, as {@link #secondsByPhase} gave it. */
    void add(Map<String, Double> earlier) {
        stages.forEach((stage, time) -> time.nanos += nanos(earlier, stage));
        phases.forEach((phase, time) -> time.nanos += nanos(earlier, phase));
    }

    private static long nanos(Map<String, Double> seconds, Enum<?> phase) {
        return Math.round(seconds.getOrDefault(name(phase), 0.0) / SECONDS_PER_NANOSECOND);
    }

    private static String name(Enum<?> phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }
}
