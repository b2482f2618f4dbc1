package org.mlhpc.roofline.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as devices store them. */
enum Numbers {
    FP64(Double.BYTES),
    FP32(Float.BYTES),
    /** As FP32 with a mantissa of ten bits; stored like it. */
    TF32(Float.BYTES),
    FP16(Short.BYTES),
    BF16(Short.BYTES);

    /** Of the exponents of fp32 and fp16. */
    private static final int BIASES = 127 - 15;

    private final int bytes;

    Numbers(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** Little-endian; each value has to be one that the format holds exactly, and not subnormal. */
    byte[] encode(double... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (this) {
                case FP64 -> buffer.putDouble(value);
                case FP32, TF32 -> buffer.putFloat((float) value);
                case BF16 -> buffer.putShort((short) (Float.floatToRawIntBits((float) value) >>> Short.SIZE));
                case FP16 -> buffer.putShort(half((float) value));
            }
        }
        return buffer.array();
    }

    private static short half(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = value == 0 ? 0 : ((bits & 0x7fffffff) - (BIASES << 23)) >>> 13;
        return (short) (sign | magnitude);
    }

    /** The values of {@code content}; fp64 and fp32 alone. */
    double[] decode(byte[] content) {
        ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[content.length / bytes];
        for (int i = 0; i < values.length; i++) {
            values[i] = this == FP64 ? buffer.getDouble() : buffer.getFloat();
        }
        return values;
    }
}
