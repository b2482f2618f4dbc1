package org.mlhpc.api;

/** Told by trainers which part of a step begins; the harness attributes the time until the next call to it. */
@FunctionalInterface
public interface PhaseClock {
    /** Parts of the timed run; each nanosecond of it belongs to exactly one. */
    enum Phase {
        /** Waiting for the next training batch. */
        DATA_STALL,
        FORWARD,
        BACKWARD,
        /** Waiting for gradient all-reduces that backward did not hide, and for what a step's loss needs of other ranks. */
        ALL_REDUCE,
        OPTIMIZER,
        EVALUATION,
        CHECKPOINT,
        /** Waiting for other ranks, outside of the all-reduces of gradients. */
        SYNCHRONISATION,
        /** Everything else between run start and run stop: the harness itself. */
        HARNESS
    }

    /** The previous phase ends, {@code next} begins. Cheap enough to call several times per step. */
    void enter(Phase next);

    /**
     * Runs a collective within a part of a step: its time is that of {@link Phase#ALL_REDUCE}, and afterwards the part goes on. In
     * the thread that enters phases.
     */
    default void allReduce(Runnable collective) {
        collective.run();
    }

    /** Measures nothing. */
    static PhaseClock none() {
        return next -> {};
    }
}
