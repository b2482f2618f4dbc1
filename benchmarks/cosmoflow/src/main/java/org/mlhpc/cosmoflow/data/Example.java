package org.mlhpc.cosmoflow.data;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@code tf.train.Example} a sample uses: a map from feature names to a list of byte strings or of floats.
 * Other features and field orders are accepted, as protocol buffers demand.
 *
 * @param x feature {@code x}, bytes; null if absent
 * @param y feature {@code y}, floats; null if absent
 */
@SuppressWarnings("ArrayRecordComponent") // four floats, compared by content below
record Example(@Nullable ByteBuffer x, float @Nullable [] y) {
    // Field numbers of tensorflow/core/example/{example,feature}.proto.
    private static final int EXAMPLE_FEATURES = 1;
    private static final int FEATURES_ENTRY = 1;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;
    private static final int FEATURE_BYTES_LIST = 1;
    private static final int FEATURE_FLOAT_LIST = 2;
    private static final int LIST_VALUE = 1;

    /** Reads a serialised example; {@link #x} shares the memory of {@code data}, which must have an array. */
    static Example parse(ByteBuffer data) throws IOException {
        var in = CodedInputStream.newInstance(data.array(), data.arrayOffset() + data.position(), data.remaining());
        in.enableAliasing(true);
        var found = new Example(null, null);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == EXAMPLE_FEATURES) {
                found = parseFeatures(in, found);
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }

    private static Example parseFeatures(CodedInputStream in, Example found) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == FEATURES_ENTRY) {
                found = parseEntry(in, found);
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(limit);
        return found;
    }

    private static Example parseEntry(CodedInputStream in, Example found) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        String key = "";
        ByteBuffer bytes = null;
        float[] floats = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case ENTRY_KEY -> key = in.readString();
                case ENTRY_VALUE -> {
                    int valueLimit = in.pushLimit(in.readRawVarint32());
                    for (int list = in.readTag(); list != 0; list = in.readTag()) {
                        switch (WireFormat.getTagFieldNumber(list)) {
                            case FEATURE_BYTES_LIST -> bytes = parseBytesList(in);
                            case FEATURE_FLOAT_LIST -> floats = parseFloatList(in);
                            default -> in.skipField(list);
                        }
                    }
                    in.popLimit(valueLimit);
                }
                default -> in.skipField(tag);
            }
        }
        in.popLimit(limit);
        return switch (key) {
            case "x" -> new Example(bytes, found.y);
            case "y" -> new Example(found.x, floats);
            default -> found;
        };
    }

    private static @Nullable ByteBuffer parseBytesList(CodedInputStream in) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        ByteBuffer value = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == LIST_VALUE) {
                value = in.readByteBuffer();
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(limit);
        return value;
    }

    /** Packed and unpacked floats are both valid encodings of a repeated field. */
    private static float[] parseFloatList(CodedInputStream in) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        float[] values = new float[0];
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) != LIST_VALUE) {
                in.skipField(tag);
            } else if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int packed = in.pushLimit(in.readRawVarint32());
                while (in.getBytesUntilLimit() > 0) {
                    values = append(values, in.readFloat());
                }
                in.popLimit(packed);
            } else {
                values = append(values, in.readFloat());
            }
        }
        in.popLimit(limit);
        return values;
    }

    private static float[] append(float[] values, float value) {
        float[] longer = Arrays.copyOf(values, values.length + 1);
        longer[values.length] = value;
        return longer;
    }

    /** The serialised example with features {@code x} and {@code y}. */
    static byte[] serialise(byte[] x, float[] y) throws IOException {
        byte[] xFeature = feature(FEATURE_BYTES_LIST, bytesList(x));
        byte[] yFeature = feature(FEATURE_FLOAT_LIST, floatList(y));
        return message(EXAMPLE_FEATURES, concatenate(entry("x", xFeature), entry("y", yFeature)));
    }

    private static byte[] entry(String key, byte[] feature) throws IOException {
        return message(
                FEATURES_ENTRY,
                concatenate(message(ENTRY_KEY, key.getBytes(StandardCharsets.UTF_8)), message(ENTRY_VALUE, feature)));
    }

    private static byte[] feature(int kind, byte[] list) throws IOException {
        return message(kind, list);
    }

    private static byte[] bytesList(byte[] value) throws IOException {
        return message(LIST_VALUE, value);
    }

    private static byte[] floatList(float[] values) throws IOException {
        var packed = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            packed.putFloat(value);
        }
        return message(LIST_VALUE, packed.array());
    }

    /** A length-delimited field. */
    private static byte[] message(int field, byte[] content) throws IOException {
        byte[] message = new byte[CodedOutputStream.computeByteArraySize(field, content)];
        CodedOutputStream.newInstance(message).writeByteArray(field, content);
        return message;
    }

    private static byte[] concatenate(byte[] first, byte[] second) throws IOException {
        var both = new ByteArrayOutputStream(first.length + second.length);
        both.write(first);
        both.write(second);
        return both.toByteArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Example that && Objects.equals(x, that.x) && Arrays.equals(y, that.y);
    }

    @Override
    public int hashCode() {
        return Objects.hash(x, Arrays.hashCode(y));
    }
}
