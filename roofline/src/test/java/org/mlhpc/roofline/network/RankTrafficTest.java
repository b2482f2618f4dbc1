package org.mlhpc.roofline.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.LocalCommunicator;
import org.mlhpc.roofline.network.RankTraffic.Operation;

/** How often operations are repeated, on a clock of the test's own: interpreted code takes ten times as long as compiled code. */
class RankTrafficTest {
    private static final double COMPILED = 1e-6;
    private static final double INTERPRETED = 1e-5;
    private static final double SECONDS_UNTIL_COMPILED = 0.4;

    private final List<Integer> counts = new ArrayList<>();
    private double passed;

    private double repeat(Operation operation, int bytes, int count) {
        counts.add(count);
        double seconds = count * (passed < SECONDS_UNTIL_COMPILED ? INTERPRETED : COMPILED);
        passed += seconds;
        return seconds;
    }

    @Test
    void a_first_operation_is_timed_when_it_has_been_compiled() {
        double[] seconds = new RankTraffic(new LocalCommunicator(), this::repeat).seconds(Operation.BROADCAST, 4, 3);
        assertArrayEquals(new double[] {COMPILED, COMPILED, COMPILED}, seconds, 1e-12);
    }

    @Test
    void further_sizes_of_an_operation_are_warm() {
        var traffic = new RankTraffic(new LocalCommunicator(), this::repeat);
        traffic.seconds(Operation.BROADCAST, 4, 3);
        int before = counts.size();
        traffic.seconds(Operation.BROADCAST, 16, 3);
        assertEquals(4 + 3, counts.size() - before);
    }

    @Test
    void a_batch_has_as_many_operations_as_fill_it() {
        RankTraffic.Repeater slow = (operation, bytes, count) -> {
            counts.add(count);
            return count * 0.004;
        };
        double[] seconds = new RankTraffic(new LocalCommunicator(), slow).seconds(Operation.PING_PONG, 4, 2);
        assertEquals(RankTraffic.BATCH_MILLIS / 4, counts.get(counts.size() - 1));
        assertTrue(counts.stream().allMatch(count -> count <= RankTraffic.MOST_PER_BATCH), counts::toString);
        assertArrayEquals(new double[] {0.002, 0.002}, seconds, 1e-12);
    }
}
