package org.mlhpc.staging.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.mlhpc.staging.files.SourceFile;

/** The content of a file while its pieces arrive; as a stream too. Closing gives the memory of the current one back. */
final class ArrivingFile extends InputStream {
    private final Next following;
    private final CRC32C crc = new CRC32C();
    private boolean intact = true;
    private Delivery current;
    private ByteBuffer rest;
    private boolean holding = true;

    /** Waits for the next piece. */
    @FunctionalInterface
    interface Next {
        Delivery take() throws IOException;
    }

    ArrivingFile(Delivery first, Next following) {
        this.following = following;
        current = first;
        rest = received();
    }

    private ByteBuffer received() {
        ByteBuffer data = current.data().duplicate();
        crc.update(data.duplicate());
        intact &= current.intact();
        return data;
    }

    /** What has come and was not read. */
    ByteBuffer data() {
        return rest;
    }

    byte[] beginning() {
        byte[] bytes = new byte[Math.min(Gunzip.MAGIC_BYTES, rest.remaining())];
        rest.duplicate().get(bytes);
        return bytes;
    }

    ByteBuffer next() throws IOException {
        close();
        current = following.take();
        holding = true;
        rest = received();
        return rest;
    }

    void toTheEnd() throws IOException {
        while (!current.last()) {
            next();
        }
    }

    /** Of what has come so far. */
    long crc32c() {
        return crc.getValue();
    }

    /** Whether all that has come so far came as it was sent. */
    boolean isIntact() {
        return intact;
    }

    /** Whether everything has come as it was sent and is what the manifest says. */
    boolean isRight(SourceFile file) {
        return intact && SourceCheck.matches(file, crc.getValue());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (!rest.hasRemaining()) {
            if (current.last()) {
                return -1;
            }
            next();
        }
        int n = Math.min(length, rest.remaining());
        rest.get(bytes, offset, n);
        return n;
    }

    @Override
    public int available() {
        return rest.remaining();
    }

    @Override
    public void close() {
        if (holding) {
            holding = false;
            current.release().run();
        }
    }
}
