package org.mlhpc.deepcam.data;

import io.jhdf.exceptions.HdfException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The checksum that HDF5's filter fletcher32 puts behind a chunk, four bytes, the lowest first: the sums of Fletcher (1982) over
 * 16-bit words, of which the first byte is the higher one and a last odd byte too, modulo 65535.
 */
final class Fletcher32 {
    static final int BYTES = 4;

    private static final int MODULUS = 65535;

    private Fletcher32() {}

    /**
     * What stands before the checksum.
     *
     * @throws HdfException if it is another checksum than that of what stands before
     */
    static ByteBuffer checked(ByteBuffer chunk) {
        int length = chunk.remaining() - BYTES;
        if (length < 0) {
            throw new HdfException("a chunk is shorter than its checksum");
        }
        ByteBuffer values = chunk.slice(chunk.position(), length);
        int stored = chunk.slice(chunk.position() + length, BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        if (stored != of(values)) {
            throw new HdfException("a chunk does not have its checksum");
        }
        return values;
    }

    /** Zero as a sum is written as 65535 unless all words are zero, as the reductions of HDF5 leave it. */
    static int of(ByteBuffer values) {
        long first = 0;
        long second = 0;
        int length = values.remaining();
        for (int i = 0; i < length; i += 2) {
            int low = i + 1 < length ? values.get(i + 1) & 0xff : 0;
            first = reduced(first + ((values.get(i) & 0xff) << 8 | low));
            second = reduced(second + first);
        }
        return (int) (second << 16 | first);
    }

    private static long reduced(long sum) {
        return sum > MODULUS ? sum - MODULUS : sum;
    }
}
