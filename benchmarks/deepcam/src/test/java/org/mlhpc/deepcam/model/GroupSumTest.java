package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.PhaseClock;
import org.mlhpc.api.ThreadCommunicator;

class GroupSumTest {
    private static final long DELAY_MILLIS = 300;

    /** Measures what is in collectives. */
    private static final class Waits implements PhaseClock {
        private long nanos;
        private int collectives;

        @Override
        public void enter(Phase next) {
            throw new IllegalStateException("only the step knows which part it is in");
        }

        @Override
        public void allReduce(Runnable collective) {
            long begin = System.nanoTime();
            collective.run();
            nanos += System.nanoTime() - begin;
            collectives++;
        }
    }

    /** Forward and backward; rank 1 comes late. */
    private static Waits wait(Communicator group) throws InterruptedException {
        var waits = new Waits();
        try (var scope = new PointerScope()) {
            Tensor summand = torch.ones(new long[] {2}, torch.dtype(torch.ScalarType.Double))
                    .requires_grad_(true);
            if (group.rank() == 1) {
                TimeUnit.MILLISECONDS.sleep(DELAY_MILLIS);
            }
            Tensor total = new GroupSum(group, waits).of(summand);
            assertEquals(4, total.sum().item_double());
            total.sum().backward();
            assertEquals(4, summand.grad().sum().item_double());
        }
        return waits;
    }

    /** Or else the ranks that wait for a slow one would seem to be as slow. */
    @Test
    void waitingForOthersIsTimeOfTheAllReduce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            var ranks = new ArrayList<Future<Waits>>();
            for (Communicator group : ThreadCommunicator.ofSize(2)) {
                ranks.add(threads.submit(() -> wait(group)));
            }
            List<Waits> waits =
                    List.of(ranks.get(0).get(30, TimeUnit.SECONDS), ranks.get(1).get(30, TimeUnit.SECONDS));
            assertEquals(2, waits.get(0).collectives);
            assertEquals(2, waits.get(1).collectives);
            assertTrue(
                    waits.get(0).nanos > waits.get(1).nanos,
                    "rank 0 waited for " + waits.get(0).nanos + " ns, rank 1 for " + waits.get(1).nanos);
        } finally {
            threads.shutdownNow();
        }
    }
}
