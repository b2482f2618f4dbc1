package org.mlhpc.deepcam.data;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.OrderedDataType;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;

/** A dataset of an HDF5 file in memory. */
record H5Dataset(Path file, String name, Dataset dataset, ChunkAssembler chunks) {
    private static final Set<Integer> INTEGER_BYTES = Set.of(Byte.BYTES, Short.BYTES, Integer.BYTES, Long.BYTES);

    /** @throws IOException if it has another shape; the message names file, dataset and both shapes */
    H5Dataset requireShape(int... shape) throws IOException {
        if (!Arrays.equals(dataset.getDimensions(), shape)) {
            throw new IOException(file + ": " + name + " has shape " + Arrays.toString(dataset.getDimensions())
                    + ", expected " + Arrays.toString(shape));
        }
        return this;
    }

    /** The values in row-major order; contiguous ones where they lie, those in chunks valid until the next dataset is read. */
    FloatBuffer floats() throws IOException {
        if (!(dataset.getDataType() instanceof FloatingPoint type) || type.getSize() != Float.BYTES) {
            throw otherType("float32");
        }
        return Distrust.of(file, name, () -> bytes(type)
                .map(ByteBuffer::asFloatBuffer)
                .orElseGet(() -> FloatBuffer.wrap((float[]) dataset.getDataFlat())));
    }

    /** As {@link #floats}, of float32 or float64. */
    double[] doubles() throws IOException {
        if (!(dataset.getDataType() instanceof FloatingPoint)) {
            throw otherType("floating-point numbers");
        }
        Object flat = Distrust.of(file, name, dataset::getDataFlat);
        double[] values = new double[Array.getLength(flat)];
        Arrays.setAll(values, i -> Array.getDouble(flat, i));
        return values;
    }

    /** Whole numbers of 1, 2, 4 or 8 bytes by their index in row-major order; valid as {@link #floats}. */
    IntToLongFunction integers() throws IOException {
        if (!(dataset.getDataType() instanceof FixedPoint type)) {
            throw otherType("integers");
        }
        if (!INTEGER_BYTES.contains(type.getSize())) {
            throw new IOException(
                    file + ": " + name + " holds integers of " + type.getSize() + " bytes, expected 1, 2, 4 or 8");
        }
        return Distrust.of(file, name, () -> bytes(type)
                .map(bytes -> integers(bytes, type))
                .orElseGet(() -> integers(dataset.getDataFlat())));
    }

    /** Empty for the small datasets that lie in the header of the file, which jHDF unpacks. */
    private Optional<ByteBuffer> bytes(OrderedDataType type) {
        if (dataset instanceof ContiguousDataset contiguous) {
            return Optional.of(contiguous.getBuffer().order(type.getByteOrder()));
        }
        if (dataset instanceof ChunkedDataset chunked) {
            return Optional.of(chunks.assemble(chunked).order(type.getByteOrder()));
        }
        return Optional.empty();
    }

    private static IntToLongFunction integers(ByteBuffer bytes, FixedPoint type) {
        return switch (type.getSize()) {
            case Byte.BYTES -> bytes::get;
            case Short.BYTES -> index -> bytes.getShort(index * Short.BYTES);
            case Integer.BYTES -> index -> bytes.getInt(index * Integer.BYTES);
            default -> index -> bytes.getLong(index * Long.BYTES);
        };
    }

    /** jHDF unpacks unsigned numbers of eight bytes to objects. */
    private static IntToLongFunction integers(Object array) {
        return array instanceof Number[] numbers
                ? index -> numbers[index].longValue()
                : index -> Array.getLong(array, index);
    }

    private IOException otherType(String expected) {
        return new IOException(file + ": " + name + " holds "
                + dataset.getJavaType().getSimpleName() + " values of "
                + dataset.getDataType().getSize() + " bytes, expected " + expected);
    }
}
