package org.mlhpc.roofline.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mlhpc.roofline.Spread;
import org.mlhpc.roofline.gpu.GpuContext.Event;
import org.mlhpc.roofline.gpu.GpuContext.Stream;

class GpuTimerTest {
    /** A stream in which each repeat takes so long, and that remembers how many there were. */
    private static final class Clock implements Stream {
        private final double secondsPerRepeat;
        private final List<Long> repeats = new ArrayList<>();
        private double now;

        Clock(double secondsPerRepeat) {
            this.secondsPerRepeat = secondsPerRepeat;
        }

        GpuTimer.Lane lane() {
            return new GpuTimer.Lane(this, number -> {
                repeats.add(number);
                now += number * secondsPerRepeat;
            });
        }

        private record Mark(double time) implements Event {
            @Override
            public double secondsSince(Event earlier) {
                return time - ((Mark) earlier).time;
            }

            @Override
            public void close() {}
        }

        @Override
        public Event record() {
            return new Mark(now);
        }

        @Override
        public void await(Event event) {
            now = Math.max(now, ((Mark) event).time);
        }

        @Override
        public void launch(GpuContext.Kernel kernel, List<GpuContext.Buffer> buffers, long... numbers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copy(GpuContext.Buffer to, GpuContext.Buffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    @Test
    void iterations_have_the_length_that_is_wanted() throws GpuException {
        var clock = new Clock(1e-6);
        Spread rate = new GpuTimer(5, 0.05).rates(3, List.of(clock.lane()));
        assertEquals(3e6, rate.median(), 1);
        assertEquals(5, rate.count());
        List<Long> last = clock.repeats.subList(clock.repeats.size() - 6, clock.repeats.size());
        assertEquals(List.of(50_000L, 50_000L, 50_000L, 50_000L, 50_000L, 50_000L), last);
    }

    @Test
    void what_takes_longer_than_an_iteration_is_done_once() throws GpuException {
        var clock = new Clock(2);
        assertEquals(0.5, new GpuTimer(2, 0.05).rates(1, List.of(clock.lane())).median(), 1e-12);
        assertEquals(List.of(1L, 1L, 1L, 1L), clock.repeats);
    }

    @Test
    void lanes_end_with_the_slowest() throws GpuException {
        var fast = new Clock(1e-3);
        var slow = new Clock(4e-3);
        var timer = new GpuTimer(3, 0.05);
        assertEquals(500, timer.rates(2, List.of(fast.lane(), slow.lane())).median(), 1e-6);
        assertEquals(500, timer.rates(2, List.of(slow.lane(), fast.lane())).median(), 1e-6);
    }

    @Test
    void events_that_tell_no_time_are_an_error() {
        GpuException e =
                assertThrows(GpuException.class, () -> new GpuTimer(1, 0.05).rates(1, List.of(new Clock(0).lane())));
        assertTrue(String.valueOf(e.getMessage()).contains("tell no time"), e.getMessage());
        assertTrue(e.fix().startsWith("end profilers"), e.fix());
    }
}
