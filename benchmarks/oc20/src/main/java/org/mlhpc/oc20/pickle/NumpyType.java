package org.mlhpc.oc20.pickle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The type of a NumPy scalar, such as {@code f8}; little-endian unless its state says otherwise. */
final class NumpyType {
    private static final int STATE_BYTE_ORDER = 1;

    private final String code;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

    NumpyType(String code) throws PickleException {
        if (!code.matches("[iuf][1248]") || code.equals("f1")) {
            throw new PickleException("NumPy scalars of type " + code + " are not read");
        }
        this.code = code;
    }

    void build(Object state) throws PickleException {
        if (state instanceof PyTuple tuple && tuple.get(STATE_BYTE_ORDER).equals(">")) {
            order = ByteOrder.BIG_ENDIAN;
        }
    }

    /** Double or Long. */
    Object scalar(ByteBuffer content) throws PickleException {
        int size = code.charAt(1) - '0';
        if (content.remaining() != size) {
            throw new PickleException("a NumPy scalar of type " + code + " has " + content.remaining() + " bytes");
        }
        ByteBuffer littleEndian = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; i++) {
            littleEndian.put(content.get(order == ByteOrder.LITTLE_ENDIAN ? i : size - 1 - i));
        }
        return value(littleEndian);
    }

    private Object value(ByteBuffer bytes) {
        return switch (code) {
            case "f8" -> Element.FLOAT64.asDouble(bytes, 0);
            case "f4" -> Element.FLOAT32.asDouble(bytes, 0);
            case "f2" -> Element.FLOAT16.asDouble(bytes, 0);
            case "i1" -> Element.INT8.asLong(bytes, 0);
            case "u1" -> Element.UINT8.asLong(bytes, 0);
            case "i2" -> Element.INT16.asLong(bytes, 0);
            case "u2" -> (long) Short.toUnsignedInt(bytes.getShort(0));
            case "i4" -> Element.INT32.asLong(bytes, 0);
            case "u4" -> Integer.toUnsignedLong(bytes.getInt(0));
            default -> Element.INT64.asLong(bytes, 0);
        };
    }
}
