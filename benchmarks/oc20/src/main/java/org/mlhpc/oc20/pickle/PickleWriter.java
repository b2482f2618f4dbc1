package org.mlhpc.oc20.pickle;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes the values that {@link Unpickler} makes, so that Python reads them. Without memo: nothing is shared. */
final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int protocol;

    /** @param protocol 2 or 4 */
    PickleWriter(int protocol) {
        this.protocol = protocol;
        out.write(0x80);
        out.write(protocol);
    }

    /** A pickle of {@code value}. */
    byte[] write(Object value) {
        put(value);
        out.write('.');
        return out.toByteArray();
    }

    /** A pickle of what {@code id} stands for. */
    byte[] writePersistent(PyTuple id) {
        put(id);
        out.write('Q');
        out.write('.');
        return out.toByteArray();
    }

    private void put(Object value) {
        if (value == None.NONE) {
            out.write('N');
        } else if (value instanceof Boolean truth) {
            out.write(truth ? 0x88 : 0x89);
        } else if (value instanceof Long number) {
            integer(BigInteger.valueOf(number));
        } else if (value instanceof BigInteger number) {
            integer(number);
        } else if (value instanceof Double number) {
            out.write('G');
            out.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(number).array());
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write('X');
            length(bytes.length);
            out.writeBytes(bytes);
        } else {
            putContainer(value);
        }
    }

    private void putContainer(Object value) {
        if (value instanceof PyTuple tuple) {
            out.write('(');
            tuple.items().forEach(this::put);
            out.write('t');
        } else if (value instanceof List<?> list) {
            out.write(']');
            out.write('(');
            list.forEach(this::put);
            out.write('e');
        } else if (value instanceof Map<?, ?> map) {
            out.write('}');
            out.write('(');
            map.forEach((key, item) -> {
                put(key);
                put(item);
            });
            out.write('u');
        } else if (value instanceof Global global) {
            name(global);
        } else if (value instanceof Instance instance) {
            name(instance.type());
            out.write(')');
            out.write(0x81);
            put(instance.state());
            out.write('b');
        } else if (value instanceof TensorData tensor) {
            tensor(tensor);
        } else {
            throw new IllegalArgumentException(
                    "cannot pickle a " + value.getClass().getName());
        }
    }

    private void tensor(TensorData tensor) {
        name(new Global("torch._utils", "_rebuild_tensor_v2"));
        out.write('(');
        byte[] storage = StorageFile.write(tensor.storage());
        name(new Global("torch.storage", "_load_from_bytes"));
        out.write('B');
        length(storage.length);
        out.writeBytes(storage);
        out.write(0x85);
        out.write('R');
        put(tensor.offset());
        numbers(tensor.sizes());
        numbers(tensor.strides());
        put(false);
        name(new Global("collections", "OrderedDict"));
        out.write(')');
        out.write('R');
        out.write('t');
        out.write('R');
    }

    private void numbers(long[] values) {
        out.write('(');
        for (long value : values) {
            put(value);
        }
        out.write('t');
    }

    private void name(Global global) {
        if (protocol < 4) {
            out.write('c');
            out.writeBytes((global.module() + "\n" + global.name() + "\n").getBytes(StandardCharsets.US_ASCII));
        } else {
            put(global.module());
            put(global.name());
            out.write(0x93);
        }
    }

    /** In the shortest two's complement, little-endian. */
    private void integer(BigInteger value) {
        byte[] bigEndian = value.toByteArray();
        out.write(0x8a);
        out.write(bigEndian.length);
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            out.write(bigEndian[i]);
        }
    }

    private void length(int bytes) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes)
                .array());
    }
}
