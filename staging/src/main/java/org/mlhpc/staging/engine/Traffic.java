package org.mlhpc.staging.engine;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.mlhpc.api.Progress;

/** Counts what a rank moves while it stages. Thread-safe. */
public final class Traffic {
    private static final double SECONDS_PER_NANOSECOND = 1e-9;
    private static final int MIB_BITS = 20;

    private final LongAdder shared = new LongAdder();
    private final LongAdder peers = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final LongAdder files = new LongAdder();
    private final AtomicLong done = new AtomicLong();
    private FileTime slowest = new FileTime("", 0, 0);
    private final Progress progress;
    private final long expectedBytes;

    /** A file and the time from its first request until it was complete under its temporary name. */
    public record FileTime(String path, long bytes, double seconds) {}

    /** @param expectedBytes bytes this rank is going to move, for the progress */
    public Traffic(Progress progress, long expectedBytes) {
        this.progress = progress;
        this.expectedBytes = expectedBytes;
    }

    /** Bytes have come from the source. */
    public void fromSource(long bytes) {
        shared.add(bytes);
        moved(bytes);
    }

    /** Bytes have come from another node. */
    public void fromPeer(long bytes) {
        peers.add(bytes);
        moved(bytes);
    }

    private void moved(long bytes) {
        long now = done.addAndGet(bytes);
        progress.report(now >> MIB_BITS, expectedBytes >> MIB_BITS, "MiB");
    }

    public void written(long bytes) {
        written.add(bytes);
    }

    /** A file is complete. */
    public void finished(String path, long bytes, long beginNanos) {
        files.increment();
        var time = new FileTime(path, bytes, (System.nanoTime() - beginNanos) * SECONDS_PER_NANOSECOND);
        synchronized (this) {
            slowest = time.seconds() > slowest.seconds() ? time : slowest;
        }
    }

    public long sharedBytes() {
        return shared.sum();
    }

    public long peerBytes() {
        return peers.sum();
    }

    public long writtenBytes() {
        return written.sum();
    }

    public long files() {
        return files.sum();
    }

    /** The file that took longest; with an empty path if there was none. */
    public synchronized FileTime slowest() {
        return slowest;
    }
}
