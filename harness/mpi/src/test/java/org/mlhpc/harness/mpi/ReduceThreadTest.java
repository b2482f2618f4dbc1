package org.mlhpc.harness.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.Communicator.Pending;

class ReduceThreadTest {
    @Test
    void collectivesRunInTheOrderTheyWereSubmitted() {
        var thread = new ReduceThread("in order");
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());

        List<Pending> pending = IntStream.range(0, 100)
                .mapToObj(i -> thread.submit(() -> order.add(i)))
                .toList();
        pending.forEach(Pending::await);
        thread.stop();

        assertEquals(IntStream.range(0, 100).boxed().toList(), order);
    }

    @Test
    void failureOfACollectiveReachesTheOneWhoAwaitsIt() {
        var thread = new ReduceThread("failing");
        Pending pending = thread.submit(() -> {
            throw new IllegalStateException("rank 1 of 2: MPI sum failed");
        });

        var failure = assertThrows(IllegalStateException.class, pending::await);
        thread.stop();

        assertEquals("rank 1 of 2: MPI sum failed", failure.getMessage());
    }
}
