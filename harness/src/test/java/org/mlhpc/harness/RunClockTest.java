package org.mlhpc.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.PhaseClock.Phase;

class RunClockTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;
    private final RunClock clock = new RunClock(() -> now, 2 * SECOND);

    private void pass(long seconds) {
        now += seconds * SECOND;
    }

    @Test
    void everySecondBelongsToOnePhase() {
        pass(1);
        clock.enter(RunClock.Stage.STAGING);
        pass(4);
        clock.enter(Phase.FORWARD);
        pass(8);
        clock.enter(Phase.BACKWARD);
        pass(16);
        clock.enter(Phase.FORWARD);
        pass(32);

        assertEquals(
                Map.of("preparation", 3.0, "staging", 4.0, "forward", 40.0, "backward", 16.0), clock.secondsByPhase());
        assertEquals(
                List.of("preparation", "staging", "forward", "backward"),
                List.copyOf(clock.secondsByPhase().keySet()));
    }

    @Test
    void waitingForOthersWhileTrainingIsSynchronisation() {
        clock.enter(Phase.HARNESS);
        pass(1);
        clock.await(() -> pass(2));
        pass(4);

        assertEquals(Map.of("preparation", 2.0, "synchronisation", 2.0, "harness", 5.0), clock.secondsByPhase());
    }

    @Test
    void anAllReduceWithinForwardIsNotForward() {
        clock.enter(Phase.FORWARD);
        pass(1);
        clock.allReduce(() -> pass(2));
        pass(4);

        assertEquals(Map.of("preparation", 2.0, "forward", 5.0, "all_reduce", 2.0), clock.secondsByPhase());
    }

    @Test
    void waitingForOthersWhileStagingIsStaging() {
        clock.enter(RunClock.Stage.STAGING);
        clock.await(() -> pass(2));

        assertEquals(Map.of("preparation", 2.0, "staging", 2.0), clock.secondsByPhase());
    }

    @Test
    void goesOnFromAnInterruptedRun() {
        clock.add(Map.of("preparation", 1.5, "forward", 10.0));
        clock.enter(Phase.FORWARD);
        pass(1);

        assertEquals(Map.of("preparation", 3.5, "forward", 11.0), clock.secondsByPhase());
    }
}
