package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other tests trust this communicator, so it is held to the contract too. */
class ThreadCommunicatorTest {
    @Nested
    class WithOneRank extends CommunicatorContract {
        private final Communicator world = ThreadCommunicator.ofSize(1).get(0);

        @Override
        protected Communicator world() {
            return world;
        }
    }

    private static void onRanks(int size, Consumer<Communicator> work) throws Exception {
        onRanks(ThreadCommunicator.ofSize(size), work);
    }

    private static void onRanks(List<? extends Communicator> worlds, Consumer<Communicator> work) throws Exception {
        RankThreads.run(worlds, world -> {
            work.accept(world);
            return world.rank();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void sumsAndGathersOverRanks(int size) throws Exception {
        onRanks(size, world -> {
            double[] values = {1, world.rank()};
            world.sum(values);
            assertArrayEquals(new double[] {size, size * (size - 1) / 2.0}, values);
            assertEquals(size - 1.0, world.max(world.rank()));
            double[] all = world.gather(10.0 * world.rank());
            assertEquals(size, all.length);
            for (int rank = 0; rank < size; rank++) {
                assertEquals(10.0 * rank, all[rank]);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void sumsBuffersInTheOrderTheyWereStarted(int size) throws Exception {
        onRanks(size, world -> {
            FloatBuffer first = floats(world.rank());
            FloatBuffer second = floats(1);
            var pending = List.of(world.startSum(first), world.startSum(second));
            pending.forEach(Communicator.Pending::await);
            assertEquals(size * (size - 1) / 2f, first.get(0));
            assertEquals((float) size, second.get(0));
        });
    }

    @Test
    void nodesMayHaveDifferentNumbersOfRanks() throws Exception {
        onRanks(ThreadCommunicator.ofNodes(2, 3, 1), world -> {
            assertEquals(6, world.size());
            int[] nodeSizes = {2, 2, 3, 3, 3, 1};
            int[] peers = {3, 2, 3, 2, 1, 3};
            assertEquals(nodeSizes[world.rank()], world.node().size());
            assertEquals(peers[world.rank()], world.peers().size());
            double[] firstOfNode = world.node().gather(world.rank());
            assertEquals(world.rank() < 2 ? 0 : world.rank() < 5 ? 2 : 5, firstOfNode[0]);
        });
    }

    @Test
    void broadcastsFromAnyRank() throws Exception {
        onRanks(3, world -> {
            ByteBuffer bytes = ByteBuffer.allocateDirect(2);
            if (world.rank() == 2) {
                bytes.put(0, (byte) 7).put(1, (byte) 8);
            }
            world.broadcast(bytes, 2);
            assertEquals(7, bytes.get(0));
            assertEquals(8, bytes.get(1));
        });
    }

    private static FloatBuffer floats(float value) {
        return ByteBuffer.allocateDirect(Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(0, value);
    }
}
