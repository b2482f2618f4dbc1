package org.mlhpc.staging.engine;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/**
 * A rate at which all processes of a machine together may read, to try how staging does on a slow shared file system. They
 * share the moment from which the source is free again, in a mapped file; the clock is the machine's monotonic one.
 */
public final class SourceLimit {
    private static final double NANOSECONDS_PER_SECOND = 1e9;
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer freeFrom;
    private final double nanosPerByte;

    private SourceLimit(ByteBuffer freeFrom, double nanosPerByte) {
        this.freeFrom = freeFrom;
        this.nanosPerByte = nanosPerByte;
    }

    /** As fast as the source can. */
    public static SourceLimit none() {
        return new SourceLimit(ByteBuffer.allocateDirect(Long.BYTES), 0);
    }

    /**
     * A limit shared by all processes that name the same file.
     *
     * @param file created if it is not there
     */
    public static SourceLimit shared(Path file, double bytesPerSecond) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            return new SourceLimit(mapped, NANOSECONDS_PER_SECOND / bytesPerSecond);
        }
    }

    /** Waits until so many bytes could have come. */
    public void pass(long bytes) {
        if (nanosPerByte == 0) {
            return;
        }
        long cost = Math.round(bytes * nanosPerByte);
        while (true) {
            long free = (long) LONG.getVolatile(freeFrom, 0);
            long end = Math.max(free, System.nanoTime()) + cost;
            if (LONG.compareAndSet(freeFrom, 0, free, end)) {
                awaitUntil(end);
                return;
            }
        }
    }

    private static void awaitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
