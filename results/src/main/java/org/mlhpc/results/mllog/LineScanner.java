package org.mlhpc.results.mllog;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Splits bytes into lines at LF, CR or CR LF. Memory is bounded: of a longer line only the beginning is kept. */
final class LineScanner {
    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final int limit;
    private final byte[] chunk = new byte[CHUNK];
    private int chunkLength;
    private int chunkPosition;
    private boolean skipLineFeed;

    private byte[] line = new byte[1024];
    private int length;
    private boolean cut;
    private long number;

    /** @param limit most bytes of a line that are kept */
    LineScanner(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** Moves to the next line; false after the last. */
    boolean next() throws IOException {
        length = 0;
        cut = false;
        boolean any = false;
        while (fill()) {
            any = true;
            int end = endInChunk();
            keep(chunkPosition, end);
            chunkPosition = end;
            if (end < chunkLength) {
                skipLineFeed = chunk[end] == '\r';
                chunkPosition++;
                break;
            }
        }
        if (any) {
            number++;
        }
        return any;
    }

    /** Makes sure that there is a byte to read, past the LF of a CR LF; false at the end of the input. */
    private boolean fill() throws IOException {
        while (true) {
            if (chunkPosition == chunkLength) {
                chunkLength = in.read(chunk);
                chunkPosition = 0;
                if (chunkLength < 0) {
                    chunkLength = 0;
                    return false;
                }
            }
            if (skipLineFeed && chunkPosition < chunkLength) {
                skipLineFeed = false;
                chunkPosition += chunk[chunkPosition] == '\n' ? 1 : 0;
            }
            if (chunkPosition < chunkLength) {
                return true;
            }
        }
    }

    private int endInChunk() {
        int end = chunkPosition;
        while (end < chunkLength && chunk[end] != '\n' && chunk[end] != '\r') {
            end++;
        }
        return end;
    }

    private void keep(int from, int to) {
        int kept = Math.min(to - from, limit - length);
        cut |= kept < to - from;
        if (length + kept > line.length) {
            line = Arrays.copyOf(line, Math.min(limit, Math.max(length + kept, 2 * line.length)));
        }
        System.arraycopy(chunk, from, line, length, kept);
        length += kept;
    }

    /** The bytes of the line, valid from 0 to {@link #length()} until the next call of {@link #next()}. */
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    /** Whether the line was longer than the limit. */
    boolean cut() {
        return cut;
    }

    /** The position of the line in the file; the first is 1. */
    long number() {
        return number;
    }
}
