package org.mlhpc.deepcam.data;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.exceptions.HdfException;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks chunks: deflate and shuffle, which is what HDF5 itself brings, into buffers that are kept; other filters are left to jHDF.
 * Belongs to one thread.
 *
 * <p>Numbers of filters: HDF5 File Format Specification 3.0, IV.A.2.l.
 */
final class ChunkFilters {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final Set<Integer> OURS = Set.of(DEFLATE, SHUFFLE);
    /** No stream of deflate is shorter by more: zlib technical details, "maximum compression factor". */
    private static final long GREATEST_FACTOR = 1032;

    private final Inflater inflater = new Inflater();
    private byte[] unpacked = new byte[0];
    private byte[] other = new byte[0];

    /**
     * The values of the chunk that begins at {@code origin}.
     *
     * @param pipeline filters in the order in which they are undone
     * @param bytes length of the values, which is what must come out
     * @return valid until the next call
     */
    ByteBuffer undo(List<PipelineFilterWithData> pipeline, ChunkedDataset dataset, int[] origin, int bytes) {
        ByteBuffer values = pipeline.stream().allMatch(filter -> OURS.contains(filter.getId()))
                ? undo(pipeline, dataset.getRawChunkBuffer(origin), bytes)
                : undoneByJhdf(dataset.getDecompressedChunk(origin), bytes);
        if (values.remaining() != bytes) {
            throw new HdfException("a chunk has " + values.remaining() + " bytes, expected " + bytes);
        }
        return values;
    }

    /** A checksum is left behind the values. */
    private static ByteBuffer undoneByJhdf(byte[] values, int bytes) {
        return ByteBuffer.wrap(values, 0, Math.min(values.length, bytes));
    }

    private ByteBuffer undo(List<PipelineFilterWithData> pipeline, ByteBuffer stored, int bytes) {
        ByteBuffer values = stored;
        for (PipelineFilterWithData filter : pipeline) {
            values =
                    filter.getId() == DEFLATE ? inflated(values, bytes) : unshuffled(values, filter.getFilterData()[0]);
        }
        return values;
    }

    private ByteBuffer inflated(ByteBuffer stored, int bytes) {
        // Before memory is asked for: a damaged header may name any size.
        if (bytes > GREATEST_FACTOR * stored.remaining()) {
            throw new HdfException("a chunk of " + bytes + " bytes cannot come of " + stored.remaining());
        }
        if (unpacked.length < bytes) {
            unpacked = new byte[bytes];
        }
        inflater.reset();
        inflater.setInput(stored);
        try {
            int length = inflater.inflate(unpacked, 0, bytes);
            return ByteBuffer.wrap(unpacked, 0, length);
        } catch (DataFormatException e) {
            throw new HdfException("a chunk cannot be inflated: " + e.getMessage(), e);
        }
    }

    /** Undoes what puts the first bytes of all values first, then the second ones, and so on. */
    private ByteBuffer unshuffled(ByteBuffer shuffled, int valueBytes) {
        int length = shuffled.remaining();
        if (other.length < length) {
            other = new byte[length];
        }
        int count = length / valueBytes;
        int position = shuffled.position();
        for (int place = 0; place < valueBytes; place++) {
            int plane = position + place * count;
            for (int i = 0; i < count; i++) {
                other[i * valueBytes + place] = shuffled.get(plane + i);
            }
        }
        shuffled.get(position + valueBytes * count, other, valueBytes * count, length % valueBytes);
        return ByteBuffer.wrap(other, 0, length);
    }
}
