package org.mlhpc.harness.profile;

/** Told where training steps begin and end. */
public interface StepObserver {
    /** The first step of an epoch begins. */
    void epochBegins();

    /** A step has ended; the next one begins. */
    void stepEnded();

    /** What the harness did between two steps on behalf of the run has ended; the next step begins. */
    void asideEnded();

    /** Looks at nothing. */
    static StepObserver none() {
        return new StepObserver() {
            @Override
            public void epochBegins() {}

            @Override
            public void stepEnded() {}

            @Override
            public void asideEnded() {}
        };
    }
}
