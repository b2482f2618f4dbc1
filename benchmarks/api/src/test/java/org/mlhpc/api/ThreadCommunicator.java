package org.mlhpc.api;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Several ranks as threads of one process, for tests. Collectives exchange their operands through a shared table. */
public final class ThreadCommunicator implements Communicator {
    private final Object[] table;
    private final CyclicBarrier barrier;
    /** Messages on their way, by sender and receiver. */
    private final Map<List<Integer>, BlockingQueue<ByteBuffer>> messages;

    private final int rank;
    private final List<Communicator> parts = new ArrayList<>();
    private @Nullable Communicator node;
    private @Nullable Communicator peers;
    private long payloadBytes;

    private ThreadCommunicator(
            Object[] table, CyclicBarrier barrier, Map<List<Integer>, BlockingQueue<ByteBuffer>> messages, int rank) {
        this.table = table;
        this.barrier = barrier;
        this.messages = messages;
        this.rank = rank;
    }

    /** One communicator per rank, each for a thread of its own; all on one node. */
    public static List<Communicator> ofSize(int size) {
        return List.copyOf(ofNodes(size));
    }

    /** As {@link #ofSize}, on several nodes with so many ranks each. */
    public static List<ThreadCommunicator> ofNodes(int... ranksOfNodes) {
        List<ThreadCommunicator> world = newGroup(IntStream.of(ranksOfNodes).sum());
        int most = IntStream.of(ranksOfNodes).max().orElse(0);
        for (int place = 0; place < most; place++) {
            int number = place;
            int peers = (int)
                    IntStream.of(ranksOfNodes).filter(ranks -> ranks > number).count();
            Iterator<ThreadCommunicator> group = newGroup(peers).iterator();
            int first = 0;
            for (int ranks : ranksOfNodes) {
                if (number < ranks) {
                    world.get(first + number).peers = group.next();
                }
                first += ranks;
            }
        }
        Iterator<ThreadCommunicator> rank = world.iterator();
        for (int ranks : ranksOfNodes) {
            newGroup(ranks).forEach(local -> rank.next().node = local);
        }
        return world;
    }

    private static List<ThreadCommunicator> newGroup(int size) {
        var table = new Object[size];
        var barrier = new CyclicBarrier(size);
        var messages = new ConcurrentHashMap<List<Integer>, BlockingQueue<ByteBuffer>>();
        var ranks = new ArrayList<ThreadCommunicator>();
        for (int rank = 0; rank < size; rank++) {
            ranks.add(new ThreadCommunicator(table, barrier, messages, rank));
        }
        return ranks;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return table.length;
    }

    @Override
    public Communicator node() {
        return node == null ? this : node;
    }

    @Override
    public Communicator peers() {
        return peers == null ? this : peers;
    }

    @Override
    public Communicator group(int ranks) {
        if (ranks < 1 || size() % ranks != 0) {
            throw new IllegalArgumentException(size() + " ranks do not part into groups of " + ranks);
        }
        Object[] all = exchange(rank % ranks == 0 ? newGroup(ranks) : List.of());
        var own = (List<?>) all[rank / ranks * ranks];
        barrier();
        var group = (Communicator) own.get(rank % ranks);
        parts.add(group);
        return group;
    }

    @Override
    public void barrier() {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException("another rank has failed", e);
        }
    }

    /** Shows {@code own} to all; {@link #barrier} must follow before it is changed. */
    private Object[] exchange(Object own) {
        table[rank] = own;
        barrier();
        return table;
    }

    @Override
    public void broadcast(ByteBuffer direct, int root) {
        requireDirect(direct);
        payloadBytes += direct.remaining();
        ByteBuffer source = (ByteBuffer) exchange(direct)[root];
        if (rank != root) {
            direct.duplicate().put(source.duplicate());
        }
        barrier();
    }

    @Override
    public void sum(FloatBuffer direct) {
        requireDirect(direct);
        payloadBytes += (long) direct.remaining() * Float.BYTES;
        Object[] all = exchange(direct);
        float[] sums = new float[direct.remaining()];
        for (Object each : all) {
            FloatBuffer values = ((FloatBuffer) each).slice();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values.get(i);
            }
        }
        barrier();
        direct.slice().put(sums);
        barrier();
    }

    @Override
    public Pending startSum(FloatBuffer direct) {
        sum(direct);
        return () -> {};
    }

    @Override
    public void sum(double[] values) {
        payloadBytes += (long) values.length * Double.BYTES;
        Object[] all = exchange(values);
        double[] sums = new double[values.length];
        for (Object each : all) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += ((double[]) each)[i];
            }
        }
        barrier();
        System.arraycopy(sums, 0, values, 0, sums.length);
    }

    @Override
    public double max(double value) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double each : gather(value)) {
            largest = Math.max(largest, each);
        }
        return largest;
    }

    @Override
    public double[] gather(double value) {
        payloadBytes += Double.BYTES;
        Object[] all = exchange(value);
        double[] values = new double[all.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (double) all[i];
        }
        barrier();
        return values;
    }

    @Override
    public void allGather(ByteBuffer direct) {
        requireDirect(direct);
        int part = direct.remaining() / size();
        if (part * size() != direct.remaining()) {
            throw new IllegalArgumentException(direct.remaining() + " bytes do not part among " + size() + " ranks");
        }
        payloadBytes += part;
        Object[] all = exchange(direct);
        for (int from = 0; from < all.length; from++) {
            if (from != rank) {
                ByteBuffer theirs = ((ByteBuffer) all[from]).slice();
                direct.slice().put(from * part, theirs, from * part, part);
            }
        }
        barrier();
    }

    @Override
    public void send(ByteBuffer direct, int to) {
        Objects.checkIndex(to, size());
        requireDirect(direct);
        payloadBytes += direct.remaining();
        ByteBuffer copy = ByteBuffer.allocate(direct.remaining());
        queue(rank, to).add(copy.put(direct.slice()).flip());
    }

    @Override
    public void receive(ByteBuffer direct, int from) {
        Objects.checkIndex(from, size());
        requireDirect(direct);
        try {
            direct.slice().put(queue(from, rank).take());
        } catch (InterruptedException e) {
            throw new IllegalStateException("another rank has failed", e);
        }
    }

    private BlockingQueue<ByteBuffer> queue(int from, int to) {
        return messages.computeIfAbsent(List.of(from, to), pair -> new LinkedBlockingQueue<>());
    }

    @Override
    public long payloadBytes() {
        return payloadBytes
                + Stream.of(parts.stream(), Stream.ofNullable(node), Stream.ofNullable(peers))
                        .flatMap(Function.identity())
                        .mapToLong(Communicator::payloadBytes)
                        .sum();
    }

    @Override
    public void abort(int exitCode) {
        barrier.reset();
    }

    @Override
    public void close() {}

    private static void requireDirect(Buffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("a collective needs a direct buffer");
        }
    }
}
