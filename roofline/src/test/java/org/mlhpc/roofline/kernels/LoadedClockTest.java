package org.mlhpc.roofline.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
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

    /** Whoever is done first goes on, so that the others are not read on a machine that has fallen quiet. */
    @Test
    void all_threads_work_until_the_last_has_been_read() {
        var readings = new ConcurrentHashMap<Thread, AtomicInteger>();
        var slow = new AtomicReference<Thread>();
        LoadedClock.hertz(2, 3, () -> {
            Thread own = Thread.currentThread();
            slow.compareAndSet(null, own);
            if (slow.get() == own) {
                LockSupport.parkNanos(20_000_000);
            }
            readings.computeIfAbsent(own, thread -> new AtomicInteger()).incrementAndGet();
            return 1e9;
        });
        assertEquals(2, readings.size());
        assertTrue(readings.values().stream().allMatch(count -> count.get() >= 3), readings::toString);
        assertTrue(readings.values().stream().anyMatch(count -> count.get() > 3), readings::toString);
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
