package org.mlhpc.harness.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.api.RankThreads;
import org.mlhpc.results.Profile;
import org.mlhpc.roofline.counters.Availability;
import org.mlhpc.roofline.counters.CounterSource;
import org.mlhpc.roofline.counters.Counting;
import org.mlhpc.roofline.counters.Quantity;
import org.mlhpc.roofline.counters.Scope;
import org.mlhpc.roofline.counters.Tally;

@Timeout(60)
class RunCountersTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration OFTEN = Duration.ofMillis(1);
    private static final long SECOND = 1_000_000_000;

    /** Time passes when somebody counts, and when the test says so. */
    private final AtomicLong clock = new AtomicLong();

    /** A counter of a known amount that takes a second to open, to read and to stop. */
    private class Source implements CounterSource {
        private final Scope scope;
        private final Tally tally;
        private final AtomicInteger atOnce = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private final AtomicInteger readings = new AtomicInteger();
        private final CountDownLatch readTwice = new CountDownLatch(2);
        private volatile boolean stopped;
        private volatile boolean readAfterStop;

        Source(Scope scope, Tally tally) {
            this.scope = scope;
            this.tally = tally;
        }

        @Override
        public String name() {
            return "meter";
        }

        @Override
        public Quantity quantity() {
            return Quantity.ENERGY;
        }

        @Override
        public Scope scope() {
            return scope;
        }

        @Override
        public Availability availability() {
            return new Availability(true, "all", "");
        }

        private void take() {
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            clock.addAndGet(SECOND);
            atOnce.decrementAndGet();
        }

        @Override
        public Counting open() throws IOException {
            take();
            return new Counting() {
                @Override
                public void keepUp() {
                    take();
                    readings.incrementAndGet();
                    readAfterStop |= stopped;
                    readTwice.countDown();
                }

                @Override
                public Tally stop() {
                    take();
                    stopped = true;
                    return tally;
                }

                @Override
                public Duration elsewhere() {
                    return Duration.ofSeconds(7);
                }

                @Override
                public void close() {}
            };
        }
    }

    private RunCounters counters(Duration period, CounterSource... sources) {
        return new RunCounters(new LocalCommunicator(), clock::get, List.of(sources), period);
    }

    /** No time passes but that of counting, so all of it is, and the other program's comes on top. */
    @Test
    void countersAreReadHoweverLongAnEpochIs() throws InterruptedException {
        var source = new Source(Scope.NODE, Tally.of(5));
        RunCounters.Counted counted;
        try (RunCounters counters = counters(OFTEN, source)) {
            counters.begin();
            assertTrue(source.readTwice.await(30, TimeUnit.SECONDS), "not read within 30 s");
            counted = counters.stop();
            Thread.sleep(20);
        }

        assertFalse(source.readAfterStop, "read after it was stopped");
        assertEquals(1, source.mostAtOnce.get());
        double seconds = 1 + source.readings.get() + 1;
        assertEquals((seconds + 7) / seconds, counted.share(), 1e-12);
    }

    @Test
    void theShareIsOfAllTheTimeBetweenBeginAndStop() {
        RunCounters.Counted counted;
        try (RunCounters counters = counters(NEVER, new Source(Scope.NODE, Tally.of(5)))) {
            counters.begin();
            clock.addAndGet(1000 * SECOND);
            counted = counters.stop();
        }

        assertEquals((1 + 1 + 7) / (1.0 + 1000 + 1), counted.share(), 1e-12);
        assertEquals(List.of(new Profile.Counted("meter", "energy", "node", 5, "J")), counted.amounts());
        assertEquals(List.of(), counted.uncounted());
    }

    private RunCounters.Counted ofRank(Communicator world, Tally... tallies) {
        List<CounterSource> sources =
                List.of(new Source(Scope.PROCESS, tallies[world.rank()]), new Source(Scope.NODE, Tally.of(100)));
        try (var counters = new RunCounters(world, clock::get, sources, NEVER)) {
            counters.begin();
            return counters.stop();
        }
    }

    private static List<Double> amounts(RunCounters.Counted counted) {
        return counted.amounts().stream().map(Profile.Counted::amount).toList();
    }

    @Test
    void countersOfProcessesAddUpAndThoseOfNodesAreOfRank0() throws Exception {
        List<RunCounters.Counted> ranks = RankThreads.run(2, world -> ofRank(world, Tally.of(5), Tally.of(6)));

        assertEquals(List.of(11.0, 100.0), amounts(ranks.get(0)));
        assertEquals(List.of(11.0), amounts(ranks.get(1)));
    }

    @Test
    void aSumThatLacksARankIsNone() throws Exception {
        List<RunCounters.Counted> ranks =
                RankThreads.run(2, world -> ofRank(world, Tally.of(5), Tally.unknown("it was set back")));

        assertEquals(List.of(100.0), amounts(ranks.get(0)));
        assertEquals(
                List.of("meter: counted on 1 of 2 ranks alone"), ranks.get(0).uncounted());
        assertEquals(List.of("meter: it was set back"), ranks.get(1).uncounted());
    }

    @Test
    void whatWasLostHasAReasonAndNoAmount() {
        RunCounters.Counted counted;
        try (RunCounters counters = counters(NEVER, new Source(Scope.NODE, Tally.unknown("it was set back")))) {
            counters.begin();
            counted = counters.stop();
        }

        assertEquals(List.of(), counted.amounts());
        assertEquals(List.of("meter: it was set back"), counted.uncounted());
    }

    @Test
    void whatCannotBeOpenedHasAReasonAndWhatIsMissingFromTheFirstNone() {
        var failing = new Source(Scope.NODE, Tally.of(5)) {
            @Override
            public Counting open() throws IOException {
                throw new IOException("perf does not count after 10 s");
            }
        };
        var missing = new Source(Scope.NODE, Tally.of(5)) {
            @Override
            public Availability availability() {
                return new Availability(false, "no such adapter", "");
            }
        };
        RunCounters.Counted counted;
        try (RunCounters counters = counters(NEVER, failing, missing)) {
            counters.begin();
            counted = counters.stop();
        }

        assertEquals(List.of(), counted.amounts());
        assertEquals(List.of("meter: perf does not count after 10 s"), counted.uncounted());
    }
}
