package org.mlhpc.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every communicator must do. The MPI one runs these tests on all ranks at once, so each test calls the same
 * collectives in the same order on every rank, whatever the rank or the outcome.
 */
public abstract class CommunicatorContract {
    /** The same communicator for all tests of a process. */
    protected abstract Communicator world();

    @Test
    void everyRankHasANumberOfItsOwn() {
        double[] ranks = world().gather(world().rank());

        assertArrayEquals(IntStream.range(0, world().size()).asDoubleStream().toArray(), ranks);
    }

    @Test
    void gatherKeepsEveryBitOfTheValue() {
        double mine = Math.nextUp(Math.PI * (world().rank() + 1));

        double[] all = world().gather(mine);

        assertEquals(world().size(), all.length);
        for (int rank = 0; rank < all.length; rank++) {
            assertEquals(Math.nextUp(Math.PI * (rank + 1)), all[rank]);
        }
    }

    @Test
    void sumOfOnesIsTheNumberOfRanks() {
        double[] ones = {1, 1, 1};

        world().sum(ones);

        double size = world().size();
        assertArrayEquals(new double[] {size, size, size}, ones);
    }

    @Test
    void sumOfManyDoublesKeepsTheirOrder() {
        int count = 10_000;
        double[] values = IntStream.range(0, count)
                .mapToDouble(i -> i * (world().rank() + 1.0))
                .toArray();

        world().sum(values);

        double factor = oneToSize();
        assertArrayEquals(IntStream.range(0, count).mapToDouble(i -> i * factor).toArray(), values);
    }

    @Test
    void sumOfNoValuesDoesNothing() {
        world().sum(new double[0]);
        world().sum(floats(0));
        world().startSum(floats(0)).await();
        world().broadcast(ByteBuffer.allocateDirect(0), 0);
    }

    @Test
    void allGatherCollectsThePartOfEachRank() {
        int part = 5;
        ByteBuffer all = ByteBuffer.allocateDirect(3 + part * world().size());
        all.position(3);
        for (int i = 0; i < part; i++) {
            all.put(3 + world().rank() * part + i, (byte) (10 * world().rank() + i));
        }

        world().allGather(all);

        assertEquals(3, all.position());
        for (int rank = 0; rank < world().size(); rank++) {
            for (int i = 0; i < part; i++) {
                assertEquals((byte) (10 * rank + i), all.get(3 + rank * part + i));
            }
        }
    }

    @Test
    void aMessageReachesTheNextRank() {
        int size = world().size();
        int mine = world().rank();
        ByteBuffer message = ByteBuffer.allocateDirect(4);
        if (size > 1 && mine == 0) {
            message.putInt(0, 77).position(1);
            world().send(message, size - 1);
            assertEquals(1, message.position());
        } else if (size > 1 && mine == size - 1) {
            message.position(1);
            world().receive(message, 0);
            assertEquals(77, message.getInt(0));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> world().send(message, size));
        assertThrows(IndexOutOfBoundsException.class, () -> world().receive(message, size));
    }

    @Test
    void maxIsTheLargestValueOverRanks() {
        assertEquals(world().size() - 1, world().max(world().rank()));
        assertEquals(0, world().max(-world().rank()));
        assertEquals(Double.NEGATIVE_INFINITY, world().max(Double.NEGATIVE_INFINITY));
    }

    @Test
    void sumTouchesOnlyTheRemainingElements() {
        FloatBuffer buffer = floats(10);
        IntStream.range(0, 10).forEach(i -> buffer.put(i, i));
        buffer.position(3).limit(7);

        world().sum(buffer);

        assertEquals(3, buffer.position());
        assertEquals(7, buffer.limit());
        float size = world().size();
        float[] expected = {0, 1, 2, 3 * size, 4 * size, 5 * size, 6 * size, 7, 8, 9};
        buffer.clear();
        assertEquals(FloatBuffer.wrap(expected), buffer);
    }

    @Test
    void startedSumTouchesOnlyTheRemainingElements() {
        FloatBuffer buffer = floats(6);
        IntStream.range(0, 6).forEach(i -> buffer.put(i, 1));
        buffer.position(1).limit(3);

        world().startSum(buffer).await();

        assertEquals(1, buffer.position());
        float size = world().size();
        buffer.clear();
        assertEquals(FloatBuffer.wrap(new float[] {1, size, size, 1, 1, 1}), buffer);
    }

    /** Lengths below and above those at which MPI libraries change their algorithm, one of them odd. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000, 4_099, 300_001, 2_000_000})
    void sumIsBitwiseEqualOnAllRanks(int length) {
        FloatBuffer values = floats(length);
        var random = new Random(length + 31L * world().rank());
        IntStream.range(0, length).forEach(i -> values.put(i, random.nextFloat() - 0.5f));

        world().sum(values);

        double mine = Arrays.hashCode(copy(values));
        double[] hashes = world().gather(mine);
        double[] expected = new double[world().size()];
        Arrays.fill(expected, mine);
        assertArrayEquals(expected, hashes);
    }

    @Test
    void startedSumsGiveTheSameBitsAsSums() {
        int length = 300_001;
        FloatBuffer sum = floats(length);
        FloatBuffer started = floats(length);
        var random = new Random(world().rank());
        for (int i = 0; i < length; i++) {
            float value = random.nextFloat();
            sum.put(i, value);
            started.put(i, value);
        }

        world().sum(sum);
        world().startSum(started).await();

        assertArrayEquals(copy(sum), copy(started));
    }

    @Test
    void severalStartedSumsDoNotMix() {
        List<FloatBuffer> buffers = new ArrayList<>();
        List<Communicator.Pending> pending = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            FloatBuffer buffer = floats(1 + 1_000 * i);
            while (buffer.hasRemaining()) {
                buffer.put(i + 1);
            }
            buffer.flip();
            buffers.add(buffer);
            pending.add(world().startSum(buffer));
        }

        pending.forEach(Communicator.Pending::await);

        for (int i = 0; i < buffers.size(); i++) {
            float expected = (i + 1) * world().size();
            FloatBuffer buffer = buffers.get(i);
            assertTrue(IntStream.range(0, buffer.limit()).allMatch(k -> buffer.get(k) == expected), "buffer " + i);
        }
    }

    @Test
    void notANumberReachesEveryRank() {
        FloatBuffer values = floats(2);
        values.put(0, world().rank() == world().size() - 1 ? Float.NaN : 1);
        values.put(1, 1);

        world().sum(values);

        assertTrue(Float.isNaN(values.get(0)));
        assertEquals(world().size(), values.get(1));
    }

    @Test
    void broadcastSendsTheRemainingBytesOfEachRootInTurn() {
        for (int root = 0; root < world().size(); root++) {
            ByteBuffer message = ByteBuffer.allocateDirect(5);
            byte mine = (byte) (10 + world().rank());
            message.put(new byte[] {mine, mine, mine, mine, mine});
            message.position(1).limit(4);

            world().broadcast(message, root);

            assertEquals(1, message.position());
            byte sent = (byte) (10 + root);
            message.clear();
            assertEquals(ByteBuffer.wrap(new byte[] {mine, sent, sent, sent, mine}), message);
        }
    }

    @Test
    void broadcastNeedsARootThatExists() {
        ByteBuffer message = ByteBuffer.allocateDirect(1);

        assertThrows(IndexOutOfBoundsException.class, () -> world().broadcast(message, world().size()));
        assertThrows(IndexOutOfBoundsException.class, () -> world().broadcast(message, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> world().broadcast(new byte[0], world().size()));
    }

    /** The last ones are more than is sent at once. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, (16 << 20) + 3})
    void bytesOfEachRootInTurnReachRanksThatDoNotKnowTheirNumber(int length) {
        for (int root = 0; root < world().size(); root++) {
            byte[] mine = new byte[world().rank() == root ? length : world().rank()];
            Arrays.fill(mine, (byte) (10 + world().rank()));

            byte[] received = world().broadcast(mine, root);

            byte[] sent = new byte[length];
            Arrays.fill(sent, (byte) (10 + root));
            assertArrayEquals(sent, received);
        }
    }

    @Test
    void heapBuffersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> world().sum(FloatBuffer.allocate(1)));
        assertThrows(IllegalArgumentException.class, () -> world().startSum(FloatBuffer.allocate(1)));
        assertThrows(IllegalArgumentException.class, () -> world().broadcast(ByteBuffer.allocate(1), 0));
    }

    @Test
    void noRankLeavesTheBarrierBeforeAllHaveReachedIt() throws InterruptedException {
        long delayMillis = 50L * world().rank();
        double start = world().max(millis());
        Thread.sleep(delayMillis);

        world().barrier();

        assertFalse(millis() < start + 50.0 * (world().size() - 1), "left the barrier before the slowest rank came");
    }

    @Test
    void ranksOfOneNodeShareItsCommunicator() {
        Communicator node = world().node();

        double[] ones = {1};
        node.sum(ones);

        assertEquals(node.size(), ones[0]);
        assertTrue(node.rank() >= 0 && node.rank() < node.size());
        assertTrue(node.size() <= world().size());
        assertEquals(node.rank() == 0, world().node().rank() == 0);
    }

    /** The first ranks of all nodes are the peers of each of them. */
    @Test
    void nodesAreCounted() {
        int nodes = world().nodes();

        assertEquals(world().max(world().node().rank() == 0 ? world().peers().size() : 0), nodes);
    }

    @Test
    void peersAreOneRankOfEachNode() {
        Communicator node = world().node();
        Communicator peers = world().peers();

        // Those who are first on their nodes count the nodes, and so do all ranks together.
        double[] firsts = {node.rank() == 0 ? 1 : 0};
        world().sum(firsts);
        assertEquals(firsts[0], world().max(node.rank() == 0 ? peers.size() : 0));
        assertEquals(node.rank(), peers.max(node.rank()), "the same number on every node");
        assertEquals(-node.rank(), peers.max(-node.rank()));
        double[] ranks = peers.gather(world().rank());
        assertEquals(world().rank(), ranks[peers.rank()]);
        assertArrayEquals(Arrays.stream(ranks).sorted().toArray(), ranks, "in the order of the world");
    }

    @Test
    void peersBroadcastFromTheirOwnRoot() {
        Communicator peers = world().peers();
        ByteBuffer message = ByteBuffer.allocateDirect(1);
        int root = peers.size() - 1;
        message.put(0, (byte) (peers.rank() == root ? 42 : 0));

        peers.broadcast(message, root);

        assertEquals(42, message.get(0));
    }

    @Test
    void groupsAreConsecutiveRanks() {
        int size = world().size();
        for (int ranks = 1; ranks <= size; ranks++) {
            if (size % ranks == 0) {
                Communicator group = world().group(ranks);
                int first = world().rank() / ranks * ranks;
                assertEquals(ranks, group.size());
                assertArrayEquals(
                        IntStream.range(first, first + ranks).asDoubleStream().toArray(), group.gather(world().rank()));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> world().group(size + 1));
        assertThrows(IllegalArgumentException.class, () -> world().group(0));
    }

    @Test
    void aGroupMaySumWhileTheWorldDoes() {
        FloatBuffer many = floats(100_000);
        Communicator group = world().group(world().size());
        Communicator.Pending pending = world().startSum(many);
        double[] one = {1};
        group.sum(one);
        pending.await();

        assertEquals(world().size(), one[0]);
    }

    @Test
    void closingTheNodeLeavesTheWorldUsable() {
        world().node().close();
        world().peers().close();

        assertEquals(world().size() - 1, world().max(world().rank()));
        assertEquals(0, world().node().max(-world().node().rank()));
    }

    @Test
    void payloadCountsTheBytesHandedOver() {
        long before = world().payloadBytes();

        world().sum(floats(10));
        world().startSum(floats(5)).await();
        world().sum(new double[3]);
        world().broadcast(ByteBuffer.allocateDirect(7), 0);

        assertEquals(before + 10 * Float.BYTES + 5 * Float.BYTES + 3 * Double.BYTES + 7, world().payloadBytes());
    }

    @Test
    void payloadCountsWhatPartsWereHanded() {
        assumeTrue(world().size() > 1, "a group of one needs no network");
        Communicator group = world().group(world().size());
        long before = world().payloadBytes();

        group.sum(new double[4]);
        world().node().sum(floats(2));

        assertEquals(before + 4 * Double.BYTES + 2 * Float.BYTES, world().payloadBytes());
    }

    private double oneToSize() {
        return world().size() * (world().size() + 1) / 2.0;
    }

    /** Wall clock, which ranks of one machine share. */
    private static double millis() {
        return System.currentTimeMillis();
    }

    private static FloatBuffer floats(int length) {
        return ByteBuffer.allocateDirect(length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static float[] copy(FloatBuffer buffer) {
        float[] values = new float[buffer.capacity()];
        buffer.get(0, values);
        return values;
    }
}
