package org.mlhpc.roofline.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.mlhpc.api.Communicator;

/** One operation between the ranks, repeated. All methods are collective. */
public final class RankTraffic {
    /** Operations in the order in which they are measured; the names of {@code docs/metrics.md}. */
    public enum Operation {
        PING_PONG("ping-pong"),
        ALL_REDUCE("all-reduce"),
        BROADCAST("broadcast"),
        ALL_GATHER("all-gather");

        private final String label;

        Operation(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private static final double SECONDS_PER_NANOSECOND = 1e-9;
    /** Of one timed batch: long against the clock, short against what the person waits. */
    private static final double BATCH_SECONDS = 0.02;

    private static final int MOST_PER_BATCH = 5000;
    private static final int WARM_UP_ROUNDS = 4;

    private final Communicator world;
    private final ByteBuffer buffer;

    /** @param largest number of bytes to be asked for */
    public RankTraffic(Communicator world, int largest) {
        this.world = world;
        this.buffer = ByteBuffer.allocateDirect(largest).order(ByteOrder.nativeOrder());
    }

    /**
     * Seconds of one operation, the slowest rank's, by batch; of ping-pong between the first and the last rank one way.
     *
     * @param bytes a multiple of four
     */
    public double[] seconds(Operation operation, int bytes, int batches) {
        Runnable once = operation(operation, part(operation, bytes));
        int count = warmUp(once);
        int ways = operation == Operation.PING_PONG ? 2 : 1;
        double[] seconds = new double[batches];
        Arrays.setAll(seconds, batch -> world.max(repeat(once, count)) / count / ways);
        return seconds;
    }

    /**
     * Calls that fill a batch; known after the JIT compiler has seen thousands of them, since the first guess is of code that
     * it has not compiled.
     */
    private int warmUp(Runnable once) {
        int count = 1;
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            double each = world.max(repeat(once, count)) / count;
            count = (int) Math.max(1, Math.min(MOST_PER_BATCH, BATCH_SECONDS / each));
        }
        return count;
    }

    /** Bytes that are really moved: all-gather needs as much of each rank. */
    public int part(Operation operation, int bytes) {
        return operation == Operation.ALL_GATHER ? Math.max(1, bytes / world.size()) * world.size() : bytes;
    }

    private double repeat(Runnable once, int count) {
        world.barrier();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            once.run();
        }
        return (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
    }

    private Runnable operation(Operation operation, int bytes) {
        ByteBuffer all = buffer.duplicate().order(ByteOrder.nativeOrder()).limit(bytes);
        return switch (operation) {
            case PING_PONG -> pingPong(all);
            case ALL_REDUCE -> {
                FloatBuffer floats = all.asFloatBuffer();
                yield () -> world.sum(floats);
            }
            case BROADCAST -> () -> world.broadcast(all, 0);
            case ALL_GATHER -> () -> world.allGather(all);
        };
    }

    private Runnable pingPong(ByteBuffer message) {
        int last = world.size() - 1;
        if (world.rank() == 0) {
            return () -> {
                world.send(message, last);
                world.receive(message, last);
            };
        }
        if (world.rank() == last) {
            return () -> {
                world.receive(message, 0);
                world.send(message, 0);
            };
        }
        return () -> {};
    }
}
