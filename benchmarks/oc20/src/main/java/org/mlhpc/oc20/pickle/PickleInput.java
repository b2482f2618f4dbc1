package org.mlhpc.oc20.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of pickles, read from front to end; never more than there are. */
final class PickleInput {
    /** Names in text form are short; Python's own limit does not exist. */
    private static final int MAX_LINE = 200;
    /** Enough for the magic number of PyTorch's files, the largest whole number that graphs need. */
    private static final int MAX_INTEGER_BYTES = 16;

    private final ByteBuffer bytes;

    PickleInput(ByteBuffer bytes) {
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return bytes.position();
    }

    private void require(long count) throws PickleException {
        if (count < 0 || count > bytes.remaining()) {
            throw new PickleException("the pickle ends early: byte " + bytes.position() + " announces "
                    + Long.toUnsignedString(count) + " more bytes, " + bytes.remaining() + " are left");
        }
    }

    int u1() throws PickleException {
        require(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    int u2() throws PickleException {
        require(Short.BYTES);
        return Short.toUnsignedInt(bytes.getShort());
    }

    int s4() throws PickleException {
        require(Integer.BYTES);
        return bytes.getInt();
    }

    long u4() throws PickleException {
        return Integer.toUnsignedLong(s4());
    }

    long s8() throws PickleException {
        require(Long.BYTES);
        return bytes.getLong();
    }

    /** A big-endian double, the only number of a pickle in that order. */
    double f8() throws PickleException {
        return Double.longBitsToDouble(Long.reverseBytes(s8()));
    }

    /** A view of the next bytes. */
    ByteBuffer take(long count) throws PickleException {
        require(count);
        ByteBuffer view = bytes.slice(bytes.position(), (int) count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + (int) count);
        return view;
    }

    String utf8(long count) throws PickleException {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(take(count));
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new PickleException("the text before byte " + bytes.position() + " is not UTF-8");
        }
    }

    /** Text up to the next line feed. */
    String line() throws PickleException {
        var text = new StringBuilder();
        for (int c = u1(); c != '\n'; c = u1()) {
            text.append((char) c);
            if (text.length() > MAX_LINE) {
                throw new PickleException(
                        "a line of more than " + MAX_LINE + " characters at byte " + bytes.position());
            }
        }
        return text.toString();
    }

    /** A whole number in two's complement of {@code count} bytes: Long where it fits, else BigInteger. */
    Object integer(long count) throws PickleException {
        if (count > MAX_INTEGER_BYTES) {
            throw new PickleException("a whole number of " + count + " bytes at byte " + bytes.position());
        }
        byte[] bigEndian = new byte[(int) count + 1];
        ByteBuffer number = take(count);
        for (int i = 0; i < count; i++) {
            bigEndian[bigEndian.length - 1 - i] = number.get(i);
        }
        if (count > 0 && bigEndian[1] < 0) {
            bigEndian[0] = -1;
        }
        var value = new BigInteger(bigEndian);
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }
}
