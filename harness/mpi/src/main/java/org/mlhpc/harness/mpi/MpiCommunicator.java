package org.mlhpc.harness.mpi;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import mpi.Comm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.LocalCommunicator;

/**
 * Collectives of Open MPI on direct buffers; nothing passes through Java arrays except the few values of {@link
 * #sum(double[])} and {@link #gather}.
 *
 * <p>Open MPI 4 makes progress only inside calls, so {@link #startSum} runs blocking all-reduces on a thread of its own,
 * over a duplicated communicator.
 */
final class MpiCommunicator implements Communicator {
    private final Intracomm comm;
    private final boolean isWorld;
    private final int rank;
    private final int size;
    private final int simulatedNodes;
    private @Nullable MpiCommunicator node;
    private @Nullable MpiCommunicator peers;
    private final Map<Integer, MpiCommunicator> groups = new TreeMap<>();
    private @Nullable Intracomm duplicate;
    private final ReduceThread reducer;
    private final MpiCalls calls;
    private final Scratch scratch = new Scratch();
    private long payloadBytes;
    private boolean closed;

    private MpiCommunicator(Intracomm comm, boolean isWorld, int simulatedNodes) throws MPIException {
        this.comm = comm;
        this.isWorld = isWorld;
        this.simulatedNodes = simulatedNodes;
        this.rank = comm.getRank();
        this.size = comm.getSize();
        this.calls = new MpiCalls(rank, size);
        this.reducer = new ReduceThread("all-reduce-" + rank);
    }

    /**
     * Joins the job.
     *
     * @param environment of this process, which tells how many tasks the batch system started
     */
    static MpiCommunicator open(Map<String, String> environment) {
        try {
            int provided = MPI.InitThread(new String[0], MPI.THREAD_MULTIPLE);
            requireThreads(provided);
            var world = new MpiCommunicator(MPI.COMM_WORLD, true, SimulatedNodes.number(environment));
            JobSize.require(world.size, environment);
            return world;
        } catch (MPIException e) {
            throw new IllegalStateException("Open MPI cannot start: " + e.getMessage(), e);
        }
    }

    static String libraryVersion() {
        String version = MPI.getLibVersion();
        int end = version.indexOf(',');
        return end < 0 ? version : version.substring(0, end);
    }

    private static void requireThreads(int provided) {
        if (provided < MPI.THREAD_SERIALIZED) {
            throw new IllegalStateException("Open MPI offers thread level " + provided + ", but overlapping all-reduce"
                    + " with backward needs MPI_THREAD_SERIALIZED (" + MPI.THREAD_SERIALIZED
                    + ") or more: use an Open MPI built with thread support");
        }
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Communicator node() {
        if (node == null) {
            node = calls.call("split by node", () -> new MpiCommunicator(ranksOfThisNode(), false, 0));
        }
        return node;
    }

    private Intracomm ranksOfThisNode() throws MPIException {
        return simulatedNodes > 0
                ? comm.split(SimulatedNodes.nodeOf(rank, size, simulatedNodes), rank)
                : comm.splitType(Comm.TYPE_SHARED, rank, MPI.INFO_NULL);
    }

    @Override
    public Communicator peers() {
        if (peers == null) {
            int number = node().rank();
            peers = calls.call("split by number on the node", () -> {
                Intracomm across = comm.split(number, rank);
                return new MpiCommunicator(across, false, 0);
            });
        }
        return peers;
    }

    @Override
    public Communicator group(int ranks) {
        if (ranks < 1 || size % ranks != 0) {
            throw new IllegalArgumentException(size + " ranks do not part into groups of " + ranks);
        }
        if (ranks == 1) {
            return new LocalCommunicator();
        }
        return groups.computeIfAbsent(
                ranks,
                key -> calls.call("split into groups", () -> {
                    if (MPI.queryThread() < MPI.THREAD_MULTIPLE) {
                        throw new IllegalStateException(
                                "this Open MPI cannot sum in a group while gradients are averaged: it lacks"
                                        + " MPI_THREAD_MULTIPLE");
                    }
                    return new MpiCommunicator(comm.split(rank / ranks, rank), false, 0);
                }));
    }

    @Override
    public void barrier() {
        calls.run("barrier", comm::barrier);
    }

    @Override
    public void broadcast(ByteBuffer direct, int root) {
        Objects.checkIndex(root, size);
        requireDirect(direct);
        payloadBytes += direct.remaining();
        ByteBuffer view = direct.slice();
        calls.run("broadcast", () -> comm.bcast(view, view.capacity(), MPI.BYTE, root));
    }

    @Override
    public void sum(FloatBuffer direct) {
        FloatBuffer view = accepted(direct);
        calls.run("sum of floats", () -> allReduce(comm, view));
    }

    @Override
    public Pending startSum(FloatBuffer direct) {
        FloatBuffer view = accepted(direct);
        if (duplicate == null) {
            duplicate = calls.call("duplicate", comm::dup);
        }
        Intracomm ahead = duplicate;
        return reducer.submit(() -> calls.run("sum of floats, started ahead", () -> allReduce(ahead, view)));
    }

    @Override
    public void sum(double[] values) {
        DoubleBuffer buffer = scratch.of(values.length);
        buffer.put(0, values);
        payloadBytes += (long) values.length * Double.BYTES;
        calls.run("sum of doubles", () -> comm.allReduce(buffer, values.length, MPI.DOUBLE, MPI.SUM));
        buffer.get(0, values);
    }

    @Override
    public double max(double value) {
        DoubleBuffer buffer = scratch.of(1);
        buffer.put(0, value);
        payloadBytes += Double.BYTES;
        calls.run("max", () -> comm.allReduce(buffer, 1, MPI.DOUBLE, MPI.MAX));
        return buffer.get(0);
    }

    @Override
    public double[] gather(double value) {
        DoubleBuffer all = scratch.of(size);
        all.put(rank, value);
        payloadBytes += Double.BYTES;
        calls.run("gather", () -> comm.allGather(all, 1, MPI.DOUBLE));
        double[] values = new double[size];
        all.get(0, values);
        return values;
    }

    @Override
    public void allGather(ByteBuffer direct) {
        requireDirect(direct);
        if (direct.remaining() % size != 0) {
            throw new IllegalArgumentException(direct.remaining() + " bytes do not part among " + size + " ranks");
        }
        int part = direct.remaining() / size;
        payloadBytes += part;
        ByteBuffer view = direct.slice();
        calls.run("all-gather", () -> comm.allGather(view, part, MPI.BYTE));
    }

    @Override
    public void send(ByteBuffer direct, int to) {
        Objects.checkIndex(to, size);
        requireDirect(direct);
        payloadBytes += direct.remaining();
        ByteBuffer view = direct.slice();
        calls.run("send", () -> comm.send(view, view.capacity(), MPI.BYTE, to, 0));
    }

    @Override
    public void receive(ByteBuffer direct, int from) {
        Objects.checkIndex(from, size);
        requireDirect(direct);
        ByteBuffer view = direct.slice();
        calls.run("receive", () -> comm.recv(view, view.capacity(), MPI.BYTE, from, 0));
    }

    @Override
    public long payloadBytes() {
        return payloadBytes + parts().mapToLong(MpiCommunicator::payloadBytes).sum();
    }

    /** What this communicator owns. */
    private Stream<MpiCommunicator> parts() {
        return Stream.concat(
                Stream.concat(Stream.ofNullable(node), Stream.ofNullable(peers)), groups.values().stream());
    }

    @Override
    public void abort(int exitCode) {
        calls.run("abort", () -> MPI.COMM_WORLD.abort(exitCode));
    }

    /** Collective on the world. Its parts belong to it, so closing one of them alone does nothing. */
    @Override
    public void close() {
        if (!isWorld || closed) {
            return;
        }
        closed = true;
        calls.run("close", () -> {
            free();
            MPI.Finalize();
        });
    }

    private void free() throws MPIException {
        for (MpiCommunicator part : parts().toList()) {
            part.free();
            part.comm.free();
        }
        reducer.stop();
        if (duplicate != null) {
            duplicate.free();
        }
    }

    private FloatBuffer accepted(FloatBuffer direct) {
        requireDirect(direct);
        if (direct.order() != ByteOrder.nativeOrder()) {
            throw new IllegalArgumentException("a buffer of floats must have this machine's byte order");
        }
        payloadBytes += (long) direct.remaining() * Float.BYTES;
        // The bindings take the address of the buffer and ignore its position.
        return direct.slice();
    }

    private static void allReduce(Intracomm comm, FloatBuffer view) throws MPIException {
        comm.allReduce(view, view.capacity(), MPI.FLOAT, MPI.SUM);
    }

    private static void requireDirect(Buffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("a collective needs a direct buffer");
        }
    }
}
