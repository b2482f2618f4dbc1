package org.mlhpc.cosmoflow.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The framing of TensorFlow's record files: length (8 bytes, little-endian), masked CRC-32C of the length, the data,
 * masked CRC-32C of the data. The mask rotates right by 15 bits and adds a constant, as TensorFlow's format defines.
 */
final class TfRecord {
    static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
    static final int FOOTER_BYTES = Integer.BYTES;

    private static final int MASK_ROTATION = 15;
    private static final int MASK_DELTA = 0xa282ead8;

    private TfRecord() {}

    static int maskedCrc(byte[] bytes, int offset, int length) {
        var crc = new CRC32C();
        crc.update(bytes, offset, length);
        return Integer.rotateRight((int) crc.getValue(), MASK_ROTATION) + MASK_DELTA;
    }

    static void write(OutputStream out, byte[] data) throws IOException {
        var header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(data.length).putInt(maskedCrc(header.array(), 0, Long.BYTES));
        out.write(header.array());
        out.write(data);
        var footer = ByteBuffer.allocate(FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.write(footer.putInt(maskedCrc(data, 0, data.length)).array());
    }

    /**
     * Checks that {@code content} is exactly one undamaged record.
     *
     * @return its data
     */
    static ByteBuffer onlyRecord(Path file, byte[] content, int length) throws IOException {
        var frame = ByteBuffer.wrap(content, 0, length).order(ByteOrder.LITTLE_ENDIAN);
        if (length < HEADER_BYTES) {
            throw damaged(file, "has " + length + " bytes, too few for a record header: it is truncated");
        }
        if (frame.getInt(Long.BYTES) != maskedCrc(content, 0, Long.BYTES)) {
            throw damaged(file, "the checksum of the record length does not match (or it is not a TFRecord file)");
        }
        long dataBytes = frame.getLong(0);
        long expected = HEADER_BYTES + dataBytes + FOOTER_BYTES;
        if (length < expected) {
            throw damaged(file, "has " + length + " of " + expected + " bytes: it is truncated");
        } else if (length > expected) {
            throw damaged(
                    file,
                    "has " + (length - expected) + " bytes after its first record; one sample per file is "
                            + "expected");
        }
        int dataLength = Math.toIntExact(dataBytes);
        if (frame.getInt(HEADER_BYTES + dataLength) != maskedCrc(content, HEADER_BYTES, dataLength)) {
            throw damaged(file, "the checksum of the data does not match: the content changed");
        }
        return ByteBuffer.wrap(content, HEADER_BYTES, dataLength).slice();
    }

    static IOException damaged(Path file, String what) {
        return new IOException("damaged sample " + file + ": " + what + "; copy or generate it again");
    }
}
