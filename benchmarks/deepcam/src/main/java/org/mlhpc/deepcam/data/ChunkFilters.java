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
 * Unpacks chunks: deflate, shuffle and fletcher32, which HDF5 itself brings, with buffers that are kept; other filters are left to
 * jHDF. Belongs to one thread.
 *
 * <p>Numbers of filters: HDF5 File Format Specification 3.0, IV.A.2.l.
 */
final class ChunkFilters {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER32 = 3;
    private static final Set<Integer> OURS = Set.of(DEFLATE, SHUFFLE, FLETCHER32);
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
                ? undo(pipeline, dataset, dataset.getRawChunkBuffer(origin), bytes)
                : ByteBuffer.wrap(dataset.getDecompressedChunk(origin));
        if (values.remaining() != bytes) {
            throw new HdfException("a chunk has " + values.remaining() + " bytes, expected " + bytes);
        }
        return values;
    }

    private ByteBuffer undo(
            List<PipelineFilterWithData> pipeline, ChunkedDataset dataset, ByteBuffer stored, int bytes) {
        int checksums = (int)
                pipeline.stream().filter(filter -> filter.getId() == FLETCHER32).count();
        ByteBuffer values = stored;
        for (PipelineFilterWithData filter : pipeline) {
            values = switch (filter.getId()) {
                case DEFLATE -> inflated(values, bytes + checksums * Fletcher32.BYTES);
                case SHUFFLE -> unshuffled(values, valueBytes(filter, dataset));
                default -> Fletcher32.checked(values);
            };
        }
        return values;
    }

    /** A damaged one would have bytes of other chunks come out. */
    private static int valueBytes(PipelineFilterWithData shuffle, ChunkedDataset dataset) {
        int[] parameters = shuffle.getFilterData();
        int bytes = dataset.getDataType().getSize();
        if (parameters.length < 1 || parameters[0] != bytes) {
            throw new HdfException("bytes are shuffled for values of another size than " + bytes);
        }
        return bytes;
    }

    private ByteBuffer inflated(ByteBuffer stored, int most) {
        // Before memory is asked for: a damaged header may name any size.
        if (most > GREATEST_FACTOR * stored.remaining()) {
            throw new HdfException("a chunk of " + most + " bytes cannot come of " + stored.remaining());
        }
        if (unpacked.length < most) {
            unpacked = new byte[most];
        }
        inflater.reset();
        inflater.setInput(stored);
        try {
            int length = inflater.inflate(unpacked, 0, most);
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
