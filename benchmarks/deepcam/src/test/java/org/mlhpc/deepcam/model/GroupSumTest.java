package org.mlhpc.deepcam.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.mlhpc.api.LocalCommunicator;
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
            Tensor summand = vector(0.1 + group.rank(), 3);
            summand.requires_grad_(true);
            if (group.rank() == 1) {
                TimeUnit.MILLISECONDS.sleep(DELAY_MILLIS);
            }
            Tensor total = new GroupSum(group, waits).of(summand);
            assertArrayEquals(new double[] {0.1 + 1.1, 6}, values(total));
            // The loss of rank r weighs the elements of the sum by 1 + r and 10 (1 + r).
            total.mul(vector(1 + group.rank(), 10 * (1 + group.rank()))).sum().backward();
            assertArrayEquals(new double[] {3, 30}, values(summand.grad()));
        }
        return waits;
    }

    private static Tensor vector(double first, double second) {
        Tensor vector = torch.zeros(new long[] {2}, torch.dtype(torch.ScalarType.Double));
        vector.data_ptr_double().put(first, second);
        return vector;
    }

    private static double[] values(Tensor vector) {
        double[] values = new double[(int) vector.numel()];
        vector.data_ptr_double().get(values);
        return values;
    }

    @Test
    void aGradientThatIsOneValueForAllIsRefused() {
        try (var scope = new PointerScope()) {
            Tensor summand = vector(1, 2);
            summand.requires_grad_(true);
            Tensor total = new GroupSum(new LocalCommunicator(), new Waits()).of(summand);

            var e = assertThrows(RuntimeException.class, () -> total.sum().backward());
            assertTrue(e.getMessage().contains("not one after another"), e.getMessage());
        }
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
