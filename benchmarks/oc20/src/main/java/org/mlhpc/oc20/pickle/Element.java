package org.mlhpc.oc20.pickle;

import java.nio.ByteBuffer;

/** Types of a tensor's elements, each under the name of PyTorch's storage class; complex and quantised ones are not read. */
public enum Element {
    FLOAT64("DoubleStorage", Double.BYTES),
    FLOAT32("FloatStorage", Float.BYTES),
    FLOAT16("HalfStorage", Short.BYTES),
    BFLOAT16("BFloat16Storage", Short.BYTES),
    INT64("LongStorage", Long.BYTES),
    INT32("IntStorage", Integer.BYTES),
    INT16("ShortStorage", Short.BYTES),
    INT8("CharStorage", Byte.BYTES),
    UINT8("ByteStorage", Byte.BYTES),
    BOOL("BoolStorage", Byte.BYTES);

    private static final int HALF_EXPONENT_BIAS = 15;
    private static final int HALF_MANTISSA_BITS = 10;

    private final String storageClass;
    private final int bytes;

    Element(String storageClass, int bytes) {
        this.storageClass = storageClass;
        this.bytes = bytes;
    }

    /** Name of the class below {@code torch} that holds such elements. */
    String storageClass() {
        return storageClass;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    static Element ofStorageClass(String name) throws PickleException {
        for (Element element : values()) {
            if (element.storageClass.equals(name)) {
                return element;
            }
        }
        throw new PickleException("tensors with elements of torch." + name + " are not read");
    }

    /** The element at byte {@code at} of a little-endian buffer; exact but for whole numbers beyond 2^53. */
    double asDouble(ByteBuffer buffer, int at) {
        return switch (this) {
            case FLOAT64 -> buffer.getDouble(at);
            case FLOAT32 -> buffer.getFloat(at);
            case FLOAT16 -> half(buffer.getShort(at));
            case BFLOAT16 -> Float.intBitsToFloat(buffer.getShort(at) << Short.SIZE);
            default -> asLong(buffer, at);
        };
    }

    /** The whole number at byte {@code at}; floating-point elements are rounded towards zero. */
    long asLong(ByteBuffer buffer, int at) {
        return switch (this) {
            case INT64 -> buffer.getLong(at);
            case INT32 -> buffer.getInt(at);
            case INT16 -> buffer.getShort(at);
            case INT8 -> buffer.get(at);
            case UINT8 -> Byte.toUnsignedInt(buffer.get(at));
            case BOOL -> buffer.get(at) == 0 ? 0 : 1;
            default -> (long) asDouble(buffer, at);
        };
    }

    private static double half(short bits) {
        int exponent = (bits >> HALF_MANTISSA_BITS) & 0x1F;
        int mantissa = bits & 0x3FF;
        double size;
        if (exponent == 0x1F) {
            size = mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            size = Math.scalb((double) mantissa, 1 - HALF_EXPONENT_BIAS - HALF_MANTISSA_BITS);
        } else {
            size = Math.scalb(
                    (double) (mantissa | 1 << HALF_MANTISSA_BITS), exponent - HALF_EXPONENT_BIAS - HALF_MANTISSA_BITS);
        }
        return bits < 0 ? -size : size;
    }
}
