package org.mlhpc.staging.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.CRC32C;

/**
 * A reusable buffer for one broadcast: a page with the checksum of the chunk, or the reason why there is none, and the
 * chunk, aligned for direct I/O.
 */
final class Parcel {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int CHECKSUM = Integer.BYTES;
    private static final int REASON = 4 * Integer.BYTES;
    private static final int MOST_REASON_BYTES = Blocks.ALIGNMENT - REASON;

    private final ByteBuffer whole;
    private final ByteBuffer data;
    private final BlockingQueue<Parcel> home;

    private Parcel(int chunkBytes, BlockingQueue<Parcel> home) {
        // All nodes must agree on the order of bytes, whatever their processors prefer.
        this.whole = Blocks.buffer(Blocks.ALIGNMENT + chunkBytes).order(ByteOrder.BIG_ENDIAN);
        this.data = whole.duplicate().position(Blocks.ALIGNMENT).slice();
        this.home = home;
    }

    /** So many parcels, to which each returns when it is released. */
    static BlockingQueue<Parcel> pool(int parcels, int chunkBytes) {
        var pool = new ArrayBlockingQueue<Parcel>(parcels);
        for (int i = 0; i < parcels; i++) {
            pool.add(new Parcel(chunkBytes, pool));
        }
        return pool;
    }

    /** All of the buffer, to be filled with a chunk of so many bytes. */
    ByteBuffer toFill(int bytes) {
        data.position(0).limit(bytes);
        return data.duplicate().clear();
    }

    /** All of the chunk, with room behind it for the end of its last block. */
    ByteBuffer chunk() {
        return data.duplicate();
    }

    /** So many bytes of the chunk, from {@code at} on; a buffer of its own. */
    ByteBuffer part(int at, int bytes) {
        return data.slice(at, bytes);
    }

    /** Completes the page after {@link #toFill} was filled. */
    void seal() {
        whole.putInt(0, OK).putLong(CHECKSUM, checksum());
    }

    /** Says why there is no chunk. */
    void fail(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MOST_REASON_BYTES);
        whole.putInt(0, FAILED).putInt(CHECKSUM, length).put(REASON, text, 0, length);
    }

    /** What travels for a chunk of so many bytes. */
    ByteBuffer message(int bytes) {
        data.position(0).limit(bytes);
        return whole.duplicate().position(0).limit(Blocks.ALIGNMENT + bytes);
    }

    /** @throws IOException if the owner could not read the chunk; the message is what it said */
    void requireRead() throws IOException {
        if (whole.getInt(0) == FAILED) {
            byte[] text = new byte[whole.getInt(CHECKSUM)];
            whole.get(REASON, text);
            throw new IOException(new String(text, StandardCharsets.UTF_8));
        }
    }

    /** Whether the chunk came as it was sent. */
    boolean isIntact() {
        return whole.getLong(CHECKSUM) == checksum();
    }

    private long checksum() {
        var crc = new CRC32C();
        crc.update(data.duplicate());
        return crc.getValue();
    }

    /** Gives the buffer back for the next chunk. */
    void release() {
        home.add(this);
    }
}
