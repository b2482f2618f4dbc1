package org.mlhpc.roofline.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoadedClockTest {
    /** Threads at 1, 2, 3 GHz, each disturbed in every other reading. */
    @Test
    void it_is_the_mean_of_the_highest_readings_of_all_threads() {
        var numbers = new AtomicInteger();
        var readings = ThreadLocal.withInitial(() -> new int[] {numbers.incrementAndGet(), 0});
        double hertz = LoadedClock.hertz(3, 4, () -> {
            int[] own = readings.get();
            return own[1]++ % 2 == 0 ? own[0] * 0.5e9 : own[0] * 1e9;
        });
        assertEquals(2e9, hertz, 1);
    }

    /**
     * Whoever is done first goes on, so that the others are not read on a machine that has fallen quiet: one thread has no reading
     * before the other has one more than is asked for.
     */
    @Test
    void all_threads_work_until_the_last_has_been_read() {
        var slow = new AtomicReference<Thread>();
        var ofOther = new AtomicInteger();
        var wentOn = new CompletableFuture<Boolean>().orTimeout(30, TimeUnit.SECONDS);
        double hertz = LoadedClock.hertz(2, 3, () -> {
            slow.compareAndSet(null, Thread.currentThread());
            if (slow.get() == Thread.currentThread()) {
                wentOn.join();
            } else if (ofOther.incrementAndGet() > 3) {
                wentOn.complete(true);
            }
            return 1e9;
        });
        assertEquals(1e9, hertz, 1);
        assertTrue(ofOther.get() > 3, ofOther::toString);
    }

    @Test
    void what_fails_in_a_thread_is_thrown() {
        assertThrows(
                IllegalStateException.class,
                () -> LoadedClock.hertz(2, 1, () -> {
                    throw new IllegalArgumentException("no clock");
                }));
    }
}
