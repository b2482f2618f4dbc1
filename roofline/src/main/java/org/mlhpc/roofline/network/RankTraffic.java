package org.mlhpc.roofline.network;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.mlhpc.api.Communicator;

/** Times the operations between the ranks. All methods are collective. */
public final class RankTraffic {
    /** Operations in the order in which they are measured; the names of {@code docs/metrics.md}. */
    public enum Operation {
        PING_PONG("ping-pong", 0),
        ALL_REDUCE("all-reduce", 1),
        BROADCAST("broadcast", 2),
        ALL_GATHER("all-gather", 3);

        private final String label;
        private final int code;

        Operation(String label, int code) {
            this.label = label;
            this.code = code;
        }

        /** Its number in {@code messages.c}. */
        int code() {
            return code;
        }

        public String label() {
            return label;
        }
    }

    /** A way to do the operations. */
    @FunctionalInterface
    public interface Repeater {
        /**
         * Seconds of {@code count} operations on this rank, begun by all ranks together. Collective.
         *
         * @param bytes of the buffer; of all-reduce a multiple of four, of all-gather one of the number of ranks
         */
        double repeat(Operation operation, int bytes, int count);
    }

    /** Length of one timed batch: long against the clock, short against what the person waits. */
    public static final int BATCH_MILLIS = 20;

    /** Operations of a batch, even if they take less time. */
    public static final int MOST_PER_BATCH = 5000;

    /** Until the JIT compiler, which may share the core of a rank, has done with an operation that it sees for the first time. */
    public static final double FIRST_WARM_UP_SECONDS = 0.5;

    private static final double SECONDS_PER_MILLISECOND = 1e-3;
    private static final int WARM_UP_ROUNDS = 4;
    /** So that it ends, whatever the clock says. */
    private static final int MOST_WARM_UP_ROUNDS = 10_000;

    private final Communicator world;
    private final Repeater way;
    private final Set<Operation> compiled = EnumSet.noneOf(Operation.class);

    public RankTraffic(Communicator world, Repeater way) {
        this.world = world;
        this.way = way;
    }

    /**
     * Seconds of one operation, the slowest rank's, by batch; of ping-pong between the first and the last rank one way.
     *
     * @param bytes a multiple of four
     */
    public double[] seconds(Operation operation, int bytes, int batches) {
        int part = part(operation, bytes);
        int count = warmUp(operation, part);
        int ways = operation == Operation.PING_PONG ? 2 : 1;
        double[] seconds = new double[batches];
        Arrays.setAll(seconds, batch -> world.max(way.repeat(operation, part, count)) / count / ways);
        return seconds;
    }

    /**
     * Calls that fill a batch; known after the JIT compiler has seen thousands of them, since the first guess is of code that
     * it has not compiled. Ends on all ranks together, since it goes by the slowest rank's seconds.
     */
    private int warmUp(Operation operation, int part) {
        double least = compiled.add(operation) ? FIRST_WARM_UP_SECONDS : 0;
        double passed = 0;
        int count = 1;
        for (int round = 0; round < WARM_UP_ROUNDS || (passed < least && round < MOST_WARM_UP_ROUNDS); round++) {
            double seconds = world.max(way.repeat(operation, part, count));
            passed += seconds;
            double each = seconds / count;
            count = (int) Math.max(1, Math.min(MOST_PER_BATCH, BATCH_MILLIS * SECONDS_PER_MILLISECOND / each));
        }
        return count;
    }

    /** Bytes that are really moved: all-gather needs as much of each rank. */
    public int part(Operation operation, int bytes) {
        return operation == Operation.ALL_GATHER ? Math.max(1, bytes / world.size()) * world.size() : bytes;
    }
}
