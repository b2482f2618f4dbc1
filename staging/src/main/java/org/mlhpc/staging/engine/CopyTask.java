package org.mlhpc.staging.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.mlhpc.staging.files.SourceFile;

/** A file that workers are copying, each one or more of its segments. */
final class CopyTask {
    static final long SEGMENT_BYTES = 64L << 20;

    private final SourceFile file;
    private final Path partial;
    private final long[] checksums;
    private final AtomicInteger left;
    private volatile long beginNanos;

    /** Part {@code number} of a file. */
    record Segment(CopyTask task, int number) {
        long offset() {
            return number * SEGMENT_BYTES;
        }

        long bytes() {
            return Math.min(SEGMENT_BYTES, task.file.bytes() - offset());
        }

        boolean isFirst() {
            return number == 0;
        }
    }

    /** @param whole whether the file must be read by one worker */
    CopyTask(SourceFile file, Path partial, boolean whole) {
        this.file = file;
        this.partial = partial;
        int segments = whole ? 1 : (int) Math.max(1, (file.bytes() + SEGMENT_BYTES - 1) / SEGMENT_BYTES);
        this.checksums = new long[segments];
        this.left = new AtomicInteger(segments);
    }

    List<Segment> segments() {
        var segments = new ArrayList<Segment>();
        for (int i = 0; i < checksums.length; i++) {
            segments.add(new Segment(this, i));
        }
        return segments;
    }

    SourceFile file() {
        return file;
    }

    Path partial() {
        return partial;
    }

    void begins() {
        if (beginNanos == 0) {
            beginNanos = System.nanoTime();
        }
    }

    long beginNanos() {
        return beginNanos;
    }

    /** Notes a segment; true for the last one. */
    boolean finish(Segment segment, long crc32c) {
        checksums[segment.number()] = crc32c;
        return left.decrementAndGet() == 0;
    }

    /** CRC-32C of the whole file, once all segments are finished. */
    long crc32c() {
        long crc = checksums[0];
        for (int i = 1; i < checksums.length; i++) {
            crc = Crc32cs.combine(crc, checksums[i], new Segment(this, i).bytes());
        }
        return crc;
    }
}
