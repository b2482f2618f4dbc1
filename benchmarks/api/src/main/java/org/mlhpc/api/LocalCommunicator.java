package org.mlhpc.api;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;

/** The communicator of a run with one process: every collective is the identity. */
public final class LocalCommunicator implements Communicator {
    private long payloadBytes;

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public Communicator node() {
        return this;
    }

    @Override
    public Communicator peers() {
        return this;
    }

    @Override
    public Communicator group(int ranks) {
        if (ranks != 1) {
            throw new IllegalArgumentException("one rank cannot form groups of " + ranks);
        }
        return this;
    }

    @Override
    public void barrier() {}

    @Override
    public void broadcast(ByteBuffer direct, int root) {
        Objects.checkIndex(root, size());
        requireDirect(direct);
        payloadBytes += direct.remaining();
    }

    @Override
    public void sum(FloatBuffer direct) {
        requireDirect(direct);
        payloadBytes += (long) direct.remaining() * Float.BYTES;
    }

    @Override
    public Pending startSum(FloatBuffer direct) {
        sum(direct);
        return () -> {};
    }

    @Override
    public void sum(double[] values) {
        payloadBytes += (long) values.length * Double.BYTES;
    }

    @Override
    public double max(double value) {
        return value;
    }

    @Override
    public double[] gather(double value) {
        return new double[] {value};
    }

    @Override
    public void allGather(ByteBuffer direct) {
        requireDirect(direct);
        payloadBytes += direct.remaining();
    }

    /** @throws IndexOutOfBoundsException always, because there is no other rank */
    @Override
    public void send(ByteBuffer direct, int to) {
        throw new IndexOutOfBoundsException("there is no rank but 0 to send to rank " + to);
    }

    /** @throws IndexOutOfBoundsException always, because there is no other rank */
    @Override
    public void receive(ByteBuffer direct, int from) {
        throw new IndexOutOfBoundsException("there is no rank but 0 to receive from rank " + from);
    }

    @Override
    public long payloadBytes() {
        return payloadBytes;
    }

    @Override
    public void abort(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }

    @Override
    public void close() {}

    /** A heap buffer would work here and fail on the cluster. */
    private static void requireDirect(Buffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("a collective needs a direct buffer");
        }
    }
}
