package org.mlhpc.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class IterationsTest {
    private static final long NANOSECONDS_PER_MILLISECOND = 1_000_000;

    @Test
    void runs_fill_an_iteration() {
        var runs = new AtomicInteger();
        double[] rates = new Iterations(3, 20).rates(1, () -> {
            runs.incrementAndGet();
            LockSupport.parkNanos(NANOSECONDS_PER_MILLISECOND);
        });
        assertEquals(3, rates.length);
        assertTrue(runs.get() > 3, runs + " runs");
        // All iterations together took the runs by their rates, and each as long as it was asked to.
        double slowest = Math.min(rates[0], Math.min(rates[1], rates[2]));
        assertTrue(runs.get() / slowest >= 3 * 0.02, runs + " runs at " + slowest + " a second");
    }

    @Test
    void a_run_that_takes_longer_is_an_iteration() {
        var runs = new AtomicInteger();
        double[] rates = new Iterations(2, 0).rates(10, () -> {
            runs.incrementAndGet();
            LockSupport.parkNanos(5 * NANOSECONDS_PER_MILLISECOND);
        });
        assertEquals(2, runs.get());
        assertTrue(rates[0] > 0 && rates[0] <= 10 / 0.004, rates[0] + " FLOP/s");
    }
}
