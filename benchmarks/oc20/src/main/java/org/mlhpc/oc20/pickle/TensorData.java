package org.mlhpc.oc20.pickle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor: a view of a storage.
 *
 * @param offset of its first element, in elements
 * @param strides in elements
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
public record TensorData(Storage storage, long offset, long[] sizes, long[] strides) {
    private static final int MAX_DIMENSIONS = 8;

    /** @throws PickleException if the view reaches beyond the storage or repeats elements of it, as expanded tensors do */
    static TensorData checked(Storage storage, long offset, long[] sizes, long[] strides) throws PickleException {
        if (sizes.length != strides.length || sizes.length > MAX_DIMENSIONS) {
            throw new PickleException("a tensor has " + sizes.length + " sizes and " + strides.length + " strides");
        }
        long elements = 1;
        long last = offset;
        try {
            for (int i = 0; i < sizes.length; i++) {
                if (sizes[i] < 0 || strides[i] < 0 || offset < 0) {
                    throw new PickleException("a tensor has a negative size, stride or offset");
                }
                elements = Math.multiplyExact(elements, sizes[i]);
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, sizes[i] - 1), strides[i]));
            }
        } catch (ArithmeticException e) {
            throw new PickleException("a tensor of shape " + Arrays.toString(sizes) + " is too large");
        }
        if (elements > 0 && (offset < 0 || last >= storage.elements())) {
            throw new PickleException("a tensor of shape " + Arrays.toString(sizes) + " reaches to element " + last
                    + " of a storage of " + storage.elements());
        }
        // Strides of 0 claim any number of elements from a few bytes.
        if (elements > storage.elements()) {
            throw new PickleException(
                    "a tensor of shape " + Arrays.toString(sizes) + " repeats the elements of a storage of "
                            + storage.elements() + "; expanded tensors are not read, write a contiguous copy");
        }
        return new TensorData(storage, offset, sizes, strides);
    }

    /** A float32 tensor of these values, row by row. */
    public static TensorData of(float[] values, long... sizes) {
        ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return contiguous(new Storage(Element.FLOAT32, bytes), sizes);
    }

    /** An int64 tensor of these values, row by row. */
    public static TensorData of(long[] values, long... sizes) {
        ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
        bytes.asLongBuffer().put(values);
        return contiguous(new Storage(Element.INT64, bytes), sizes);
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static TensorData contiguous(Storage storage, long[] sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= sizes[i];
        }
        if (stride != storage.elements()) {
            throw new IllegalArgumentException(storage.elements() + " values for shape " + Arrays.toString(sizes));
        }
        return new TensorData(storage, 0, sizes, strides);
    }

    /** Number of elements. */
    public int count() {
        return (int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    }

    /** The values row by row. */
    public double[] doubles() {
        double[] values = new double[count()];
        forEach((index, at) -> values[index] = storage.element().asDouble(storage.bytes(), at));
        return values;
    }

    /** The values row by row, rounded towards zero. */
    public long[] longs() {
        long[] values = new long[count()];
        forEach((index, at) -> values[index] = storage.element().asLong(storage.bytes(), at));
        return values;
    }

    private interface Visitor {
        void visit(int index, int byteInStorage);
    }

    private void forEach(Visitor visitor) {
        int[] position = new int[sizes.length];
        int count = count();
        long element = offset;
        for (int index = 0; index < count; index++) {
            visitor.visit(index, (int) (element * storage.element().bytes()));
            for (int axis = sizes.length - 1; axis >= 0; axis--) {
                element += strides[axis];
                if (++position[axis] < sizes[axis]) {
                    break;
                }
                element -= strides[axis] * sizes[axis];
                position[axis] = 0;
            }
        }
    }
}
