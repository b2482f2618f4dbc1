package org.mlhpc.deepcam.data;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Puts the values of a dataset that is stored in chunks into row-major order, by runs as long as chunk and dataset have in
 * common. jHDF does so row by row of the last dimension, which is 64 bytes long in an image of 16 channels. Keeps its buffers from
 * dataset to dataset, so it belongs to one thread.
 */
final class ChunkAssembler {
    /** In datasets: those at the edge reach beyond it, which is no reason to ask for any amount of memory. */
    private static final int GREATEST_CHUNK = 4;

    private final ChunkFilters filters = new ChunkFilters();
    private ByteBuffer whole = ByteBuffer.allocateDirect(0);

    /**
     * Puts all chunks together. A chunk that is missing is an error: HDF5 would give its fill value, but a sample that was written
     * completely has them all.
     *
     * @return the bytes of all values in the byte order of the file; valid until the next call
     * @throws HdfException if a chunk is missing or cannot be unpacked
     */
    ByteBuffer assemble(ChunkedDataset dataset) {
        int[] shape = dataset.getDimensions();
        int[] chunk = dataset.getChunkDimensions();
        int valueBytes = dataset.getDataType().getSize();
        int bytes = bytes(shape, valueBytes);
        if (bytes > whole.capacity()) {
            whole = ByteBuffer.allocateDirect(bytes);
        }
        whole.clear().limit(bytes);
        int chunkBytes = bytes(chunk, valueBytes);
        if (chunkBytes > (long) GREATEST_CHUNK * bytes) {
            throw new HdfException(
                    "chunks of " + Arrays.toString(chunk) + " in a dataset of " + Arrays.toString(shape));
        }
        List<PipelineFilterWithData> pipeline = new ArrayList<>(dataset.getFilters());
        Collections.reverse(pipeline);
        int[] origin = new int[shape.length];
        do {
            ByteBuffer values = filters.undo(pipeline, dataset, origin, chunkBytes);
            new Placement(shape, chunk, origin, valueBytes).copy(values, whole);
        } while (next(origin, chunk, shape));
        return whole;
    }

    private static int bytes(int[] shape, int valueBytes) {
        int bytes = valueBytes;
        for (int extent : shape) {
            if (extent < 1) {
                throw new HdfException("a shape of " + Arrays.toString(shape));
            }
            bytes = Math.multiplyExact(bytes, extent);
        }
        return bytes;
    }

    /** Moves to the chunk after this one, the last dimension first; false after the last one. */
    private static boolean next(int[] origin, int[] chunk, int[] shape) {
        for (int i = origin.length - 1; i >= 0; i--) {
            origin[i] += chunk[i];
            if (origin[i] < shape[i]) {
                return true;
            }
            origin[i] = 0;
        }
        return false;
    }

    /** Where the values of one chunk go. Chunks at the edge may reach beyond the dataset. */
    private static final class Placement {
        private final int[] extent;
        /** Bytes from one index to the next, by dimension. */
        private final int[] chunkStride;

        private final int[] wholeStride;
        private final int first;
        /** The dimension from which on the values of chunk and dataset follow each other in the same way. */
        private final int runs;

        Placement(int[] shape, int[] chunk, int[] origin, int valueBytes) {
            chunkStride = strides(chunk, valueBytes);
            wholeStride = strides(shape, valueBytes);
            extent = new int[shape.length];
            Arrays.setAll(extent, i -> Math.min(chunk[i], shape[i] - origin[i]));
            int offset = 0;
            int inner = shape.length - 1;
            for (int i = 0; i < shape.length; i++) {
                offset += origin[i] * wholeStride[i];
            }
            while (inner > 0 && chunk[inner] == shape[inner]) {
                inner--;
            }
            first = offset;
            runs = inner;
        }

        private static int[] strides(int[] shape, int valueBytes) {
            int[] strides = new int[shape.length];
            int stride = valueBytes;
            for (int i = shape.length - 1; i >= 0; i--) {
                strides[i] = stride;
                stride *= shape[i];
            }
            return strides;
        }

        void copy(ByteBuffer chunk, ByteBuffer whole) {
            copy(chunk, 0, whole, first, 0);
        }

        private void copy(ByteBuffer chunk, int from, ByteBuffer whole, int to, int dimension) {
            if (dimension == runs) {
                whole.put(to, chunk, from, extent[dimension] * chunkStride[dimension]);
                return;
            }
            for (int i = 0; i < extent[dimension]; i++) {
                copy(chunk, from + i * chunkStride[dimension], whole, to + i * wholeStride[dimension], dimension + 1);
            }
        }
    }
}
