package org.mlhpc.staging.engine;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.mlhpc.api.Manifest;
import org.mlhpc.staging.files.SourceFile;

/** Decompresses a GZIP file on its way to the destination, so that no epoch has to. */
public final class Gunzip {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final double SECONDS_PER_NANOSECOND = 1e-9;
    static final int MAGIC_BYTES = 2;
    private static final int TRAILER_BYTES = 4;

    private Gunzip() {}

    /** Whether the file begins as GZIP files do. */
    public static boolean isPacked(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return isPacked(in.readNBytes(MAGIC_BYTES));
        }
    }

    static boolean isPacked(byte[] beginning) {
        return beginning.length == MAGIC_BYTES && beginning[0] == 0x1f && beginning[1] == (byte) 0x8b;
    }

    /** Length of a GZIP file's content as its last bytes give it, modulo 4 GiB; for other files their own length. */
    public static long unpackedBytes(Path file) throws IOException {
        long bytes = Files.size(file);
        if (!isPacked(file) || bytes <= TRAILER_BYTES) {
            return bytes;
        }
        try (var channel = Files.newByteChannel(file)) {
            ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.position(bytes - TRAILER_BYTES);
            while (trailer.hasRemaining() && channel.read(trailer) >= 0) {}
            return Integer.toUnsignedLong(trailer.getInt(0));
        }
    }

    /** Packed bytes of {@code file} that this thread decompresses in a second, tried for so long. */
    public static double bytesPerSecond(Path file, double seconds) throws IOException {
        byte[] piece = new byte[BUFFER_BYTES];
        long begin = System.nanoTime();
        double passed = 0;
        try (var channel = Files.newByteChannel(file)) {
            try (var plain = new GZIPInputStream(Channels.newInputStream(channel), BUFFER_BYTES)) {
                for (int n = 0; n >= 0 && passed < seconds; ) {
                    n = plain.read(piece);
                    passed = (System.nanoTime() - begin) * SECONDS_PER_NANOSECOND;
                }
                return channel.position() / passed;
            } catch (EOFException | ZipException e) {
                // Staging will find the damage and name the file; here it only ends the measurement.
                return Files.size(file) / ((System.nanoTime() - begin) * SECONDS_PER_NANOSECOND);
            }
        }
    }

    /** Returns what was written; {@code buffer} is used for writing. What is damaged is read once more. */
    static Manifest.Entry copy(
            Path root, SourceFile file, Path partial, ByteBuffer buffer, SourceLimit limit, Traffic traffic)
            throws IOException {
        try {
            return copyOnce(root, file, partial, buffer, limit, traffic);
        } catch (DamagedSourceException e) {
            Files.deleteIfExists(partial);
            return copyOnce(root, file, partial, buffer, limit, traffic);
        }
    }

    private static Manifest.Entry copyOnce(
            Path root, SourceFile file, Path partial, ByteBuffer buffer, SourceLimit limit, Traffic traffic)
            throws IOException {
        Manifest.Entry written;
        var crc = new CRC32C();
        try (InputStream raw = new Counted(Files.newInputStream(root.resolve(file.path())), limit, traffic)) {
            var checked = new CheckedInputStream(raw, crc);
            written = unpack(checked, partial, buffer, traffic);
            checked.transferTo(OutputStream.nullOutputStream());
        }
        SourceCheck.requireUnchanged(root, file);
        if (!SourceCheck.matches(file, crc.getValue())) {
            throw SourceCheck.damaged(root, file, crc.getValue());
        }
        return written;
    }

    /** Decompresses a stream into a file. */
    static Manifest.Entry unpack(InputStream packed, Path partial, ByteBuffer buffer, Traffic traffic)
            throws IOException {
        var crc = new CRC32C();
        long bytes = 0;
        try (Blocks out = Blocks.write(partial, false)) {
            var plain = new GZIPInputStream(packed, BUFFER_BYTES);
            byte[] piece = new byte[Math.min(BUFFER_BYTES, buffer.capacity())];
            buffer.clear();
            for (int n = plain.read(piece); n >= 0; n = plain.read(piece)) {
                crc.update(piece, 0, n);
                if (buffer.remaining() < n) {
                    bytes += flush(buffer, out, bytes);
                }
                buffer.put(piece, 0, n);
            }
            bytes += flush(buffer, out, bytes);
        } catch (EOFException | ZipException e) {
            throw new DamagedSourceException(
                    "its GZIP stream is cut off or damaged (" + e.getMessage() + "); restore the source", e);
        }
        traffic.written(bytes);
        return new Manifest.Entry(bytes, crc.getValue());
    }

    private static int flush(ByteBuffer buffer, Blocks out, long position) throws IOException {
        buffer.flip();
        int bytes = buffer.remaining();
        out.write(buffer, position);
        buffer.clear();
        return bytes;
    }

    /** Tells limit and traffic what is read. */
    private static final class Counted extends FilterInputStream {
        private final SourceLimit limit;
        private final Traffic traffic;

        Counted(InputStream in, SourceLimit limit, Traffic traffic) {
            super(in);
            this.limit = limit;
            this.traffic = traffic;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            if (n > 0) {
                limit.pass(n);
                traffic.fromSource(n);
            }
            return n;
        }
    }
}
