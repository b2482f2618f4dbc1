package org.mlhpc.roofline.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.mlhpc.api.Communicator;

/** The operations through the communicator, as training uses it. */
public final class CommunicatorMessages implements RankTraffic.Repeater {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;

    private final Communicator world;
    private final ByteBuffer buffer;

    /** @param largest number of bytes to be asked for */
    public CommunicatorMessages(Communicator world, int largest) {
        this.world = world;
        this.buffer = ByteBuffer.allocateDirect(largest).order(ByteOrder.nativeOrder());
    }

    @Override
    public double repeat(RankTraffic.Operation operation, int bytes, int count) {
        Runnable once = once(operation, bytes);
        world.barrier();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            once.run();
        }
        return (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
    }

    private Runnable once(RankTraffic.Operation operation, int bytes) {
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
