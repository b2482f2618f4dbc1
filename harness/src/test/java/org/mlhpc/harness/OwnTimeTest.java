package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.PhaseClock.Phase;

class OwnTimeTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;
    private final RunClock clock = new RunClock(() -> now, 0);
    private final OwnTime own = new OwnTime(clock);

    private void step(long ownSeconds, long waitSeconds) {
        clock.enter(Phase.FORWARD);
        now += ownSeconds * SECOND;
        clock.enter(Phase.ALL_REDUCE);
        now += waitSeconds * SECOND;
        clock.enter(Phase.HARNESS);
        own.stepEnded();
    }

    /** A rank that starts its engine later than others is not slow for that. */
    @Test
    void theFirstStepsAndWaitsDoNotCount() {
        step(100, 0);
        for (int i = 0; i < 3; i++) {
            step(2, 50);
        }
        assertEquals(Optional.empty(), own.secondsPerStep());
        step(3, 0);

        assertEquals(Optional.of(2.0), own.secondsPerStep());
    }

    @Test
    void whatIsBetweenEpochsBelongsToNoStep() {
        clock.enter(Phase.DATA_STALL);
        now += 1000 * SECOND;
        clock.enter(Phase.HARNESS);
        own.begin();
        for (int i = 0; i < 6; i++) {
            step(i < 3 ? 1 : 2, 0);
        }

        assertEquals(Optional.of(1.5), own.secondsPerStep());
    }

    @Test
    void ofManyStepsTheLastCount() {
        for (int i = 0; i < 1024; i++) {
            step(9, 0);
        }
        for (int i = 0; i < 1024; i++) {
            step(4, 0);
        }

        assertEquals(Optional.of(4.0), own.secondsPerStep());
    }
}
