package org.mlhpc.api;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * The collectives the suite needs. All ranks call the same methods in the same order; buffers are direct and of equal
 * length on all ranks, and results are bitwise equal on all ranks.
 */
public interface Communicator extends AutoCloseable {
    /** This process, from 0. */
    int rank();

    /** Number of processes. */
    int size();

    /** The ranks that share this node's memory, storage and devices. Owned by this communicator. Collective. */
    Communicator node();

    /** Number of nodes that the ranks are on. Collective. */
    default int nodes() {
        double[] first = {node().rank() == 0 ? 1 : 0};
        sum(first);
        return (int) first[0];
    }

    /**
     * The ranks with this rank's number on their nodes, one per node that has so many, in the order of the world: the
     * peers of rank 0 of a node are the first ranks of all nodes. Owned by this communicator. Collective.
     */
    Communicator peers();

    /**
     * This rank's group if each {@code ranks} consecutive ranks form one. May be used while sums that were started on this
     * communicator are under way. Owned by this communicator. Collective.
     *
     * @throws IllegalArgumentException if the ranks cannot be parted so
     */
    Communicator group(int ranks);

    /** Returns once every rank has called it. */
    void barrier();

    /** Sends the remaining bytes of rank {@code root}'s buffer to the others; positions do not move. */
    void broadcast(ByteBuffer direct, int root);

    /** Rank {@code root}'s {@code bytes} on every rank; those of the others are not looked at, and may be of another length. */
    default byte[] broadcast(byte[] bytes, int root) {
        Objects.checkIndex(root, size());
        boolean sends = rank() == root;
        int length = (int) max(sends ? bytes.length : 0);
        byte[] all = sends ? bytes : new byte[length];
        // In pieces, since memory outside of the heap may be scarce.
        ByteBuffer piece = ByteBuffer.allocateDirect(Math.min(16 << 20, length));
        for (int at = 0; at < length; at += piece.limit()) {
            piece.clear().limit(Math.min(piece.capacity(), length - at));
            piece.put(0, all, at, piece.limit());
            broadcast(piece, root);
            piece.get(0, all, at, piece.limit());
        }
        return all;
    }

    /** Replaces the remaining elements by their sum over ranks; position does not move. */
    void sum(FloatBuffer direct);

    /**
     * As {@link #sum(FloatBuffer)}, but returns at once; several may be under way and complete in the order they were
     * started. No other method of this communicator may be called until each has been awaited.
     */
    Pending startSum(FloatBuffer direct);

    /** Replaces the values by their sums over ranks. */
    void sum(double[] values);

    /** The largest value over ranks; exact. */
    double max(double value);

    /** Every rank's {@code value}, by rank. */
    double[] gather(double value);

    /**
     * Fills the remaining bytes of {@code direct} from all ranks: it is cut into {@link #size()} equal parts, and each rank
     * sends the part with its number; position does not move.
     *
     * @throws IllegalArgumentException if the remaining bytes cannot be cut so
     */
    void allGather(ByteBuffer direct);

    /** Sends the remaining bytes to another rank, which must {@link #receive} as many; position does not move. */
    void send(ByteBuffer direct, int to);

    /** Fills the remaining bytes by the next message of rank {@code from}; position does not move. */
    void receive(ByteBuffer direct, int from);

    /**
     * Bytes of payload handed to collectives and {@link #send} by this rank so far, whatever is put on the wire; also to those
     * of the communicators that this one owns.
     */
    long payloadBytes();

    /** Ends every process of the job at once with this exit code; for a rank whose peers wait in a collective. */
    void abort(int exitCode);

    @Override
    void close();

    /** A collective that is under way. */
    interface Pending {
        /** Returns once the result is in the buffer. */
        void await();
    }
}
