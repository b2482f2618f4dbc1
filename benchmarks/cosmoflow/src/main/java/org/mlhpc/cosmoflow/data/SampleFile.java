package org.mlhpc.cosmoflow.data;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.mlhpc.api.ReadLimit;

/**
 * One sample in one file: a TFRecord, plain or GZIP, with feature {@code x} (little-endian int16 counts, [depth][height]
 * [width][4 redshifts]) and feature {@code y} (4 floats).
 */
public final class SampleFile {
    /** Redshifts per sample, the channels of the input. */
    public static final int CHANNELS = 4;

    /** Cosmological parameters per sample. */
    public static final int TARGETS = 4;

    private static final int GZIP_MAGIC = 0x8b1f;
    private static final int STREAM_BUFFER_BYTES = 1 << 16;
    /** Counts are small numbers: higher levels cost several times the time for a few percent (docs/log.md). */
    private static final int GZIP_LEVEL = 1;

    private SampleFile() {}

    /** Bytes of the values of a sample with {@code side} cells along each side; what frames them is left out. */
    public static long bytes(int side) {
        return (long) side * side * side * CHANNELS * Short.BYTES + TARGETS * Float.BYTES;
    }

    /**
     * Writes a sample, under a temporary name first.
     *
     * @param x counts as they are stored, from position to limit; the position does not move
     */
    public static void write(Path file, ByteBuffer x, float[] y, boolean gzip) throws IOException {
        byte[] counts = new byte[x.remaining()];
        x.duplicate().get(counts);
        byte[] example = Example.serialise(counts, y);
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (OutputStream out = open(partial, gzip)) {
            TfRecord.write(out, example);
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static OutputStream open(Path file, boolean gzip) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return gzip ? new LevelledGzip(out) : out;
    }

    private static final class LevelledGzip extends GZIPOutputStream {
        LevelledGzip(OutputStream out) throws IOException {
            super(out, STREAM_BUFFER_BYTES);
            def.setLevel(GZIP_LEVEL);
        }
    }

    /** Reads samples of one size; keeps its buffer from file to file, so it belongs to one thread. */
    public static final class Reader {
        private final int sampleSize;
        private byte[] content;

        /** A reader of samples with {@code sampleSize} cells along each side. */
        public Reader(int sampleSize) {
            this.sampleSize = sampleSize;
            this.content = new byte[countBytes() + STREAM_BUFFER_BYTES];
        }

        /**
         * A sample; {@code counts} is valid until the next one is read.
         *
         * @param fileBytes length of the file, compressed if it is
         */
        @SuppressWarnings("ArrayRecordComponent") // lives until the next read only; never compared
        public record Sample(ByteBuffer counts, float[] targets, long fileBytes) {}

        /**
         * Reads and checks one file.
         *
         * @param limit asked before the file is read
         * @throws IOException if it cannot be read, is damaged or has another shape; the message names the file
         */
        public Sample read(Path file, ReadLimit limit) throws IOException {
            long length = length(file);
            limit.pass(length);
            Example example;
            try {
                example = Example.parse(TfRecord.onlyRecord(file, content, load(file)));
            } catch (InvalidProtocolBufferException e) {
                throw TfRecord.damaged(file, "its record is not a tf.train.Example (" + e.getMessage() + ")");
            }
            return new Sample(checkedCounts(file, example), checkedTargets(file, example), length);
        }

        /** As {@link #read(Path, ReadLimit)}, as fast as storage can. */
        public Sample read(Path file) throws IOException {
            return read(file, ReadLimit.none());
        }

        private static long length(Path file) throws IOException {
            try {
                return Files.size(file);
            } catch (NoSuchFileException e) {
                throw missing(file, e);
            }
        }

        private static IOException missing(Path file, NoSuchFileException e) {
            return new IOException("sample " + file + " is missing: it was there when the run began", e);
        }

        private int load(Path file) throws IOException {
            try (InputStream in = decompressed(Files.newInputStream(file))) {
                int length = 0;
                for (int n = 0; n >= 0; n = in.read(content, length, content.length - length)) {
                    length += n;
                    if (length == content.length) {
                        content = Arrays.copyOf(content, 2 * content.length);
                    }
                }
                return length;
            } catch (NoSuchFileException e) {
                throw missing(file, e);
            } catch (EOFException | ZipException e) {
                throw TfRecord.damaged(file, "its GZIP stream is cut off or damaged (" + e.getMessage() + ")");
            }
        }

        private static InputStream decompressed(InputStream raw) throws IOException {
            var in = new BufferedInputStream(raw, STREAM_BUFFER_BYTES);
            in.mark(2);
            boolean gzip = (in.read() | in.read() << Byte.SIZE) == GZIP_MAGIC;
            in.reset();
            return gzip ? new GZIPInputStream(in, STREAM_BUFFER_BYTES) : in;
        }

        private ByteBuffer checkedCounts(Path file, Example example) throws IOException {
            ByteBuffer x = example.x();
            if (x == null) {
                throw new IOException("sample " + file + " has no feature 'x' with bytes: not a CosmoFlow sample");
            }
            if (x.remaining() != countBytes()) {
                long side = Math.round(Math.cbrt(x.remaining() / (double) (CHANNELS * Short.BYTES)));
                throw new IOException("sample " + file + " has " + x.remaining() + " bytes in 'x' (side " + side
                        + "), expected " + countBytes() + ": " + sampleSize + "^3 cells x " + CHANNELS
                        + " redshifts x int16; set sample_size=" + side + " or choose other data");
            }
            return x.order(ByteOrder.LITTLE_ENDIAN);
        }

        private static float[] checkedTargets(Path file, Example example) throws IOException {
            float[] y = example.y();
            if (y == null || y.length != TARGETS) {
                throw new IOException("sample " + file + " has " + (y == null ? "no" : y.length)
                        + " floats in feature 'y', expected " + TARGETS);
            }
            for (float value : y) {
                if (!Float.isFinite(value)) {
                    throw TfRecord.damaged(file, "feature 'y' contains " + value);
                }
            }
            return y;
        }

        private int countBytes() {
            return Math.multiplyExact(sampleSize * sampleSize * sampleSize, CHANNELS * Short.BYTES);
        }
    }
}
