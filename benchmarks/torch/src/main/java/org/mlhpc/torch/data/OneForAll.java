package org.mlhpc.torch.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.FileErrors;

/** What one rank looks up for all: thousands looking at once would stall the file system, and might not see the same. */
public final class OneForAll {
    private OneForAll() {}

    /** Looks something up. */
    @FunctionalInterface
    public interface LookUp {
        /** @return what the ranks are told */
        byte[] bytes() throws IOException;
    }

    /**
     * What rank 0 finds. Collective.
     *
     * @throws IOException on every rank if rank 0 fails; the others have what {@link FileErrors#message} makes of its failure
     */
    public static byte[] bytes(Communicator ranks, LookUp lookUp) throws IOException {
        if (ranks.rank() != 0) {
            return hear(ranks);
        }
        byte[] found;
        try {
            found = lookUp.bytes();
        } catch (IOException | RuntimeException e) {
            tell(ranks, false, FileErrors.message(e).getBytes(StandardCharsets.UTF_8));
            throw e;
        }
        tell(ranks, true, found);
        return found;
    }

    /** First how many bytes there are, or their complement if they say why there are none; then the bytes. */
    private static void tell(Communicator ranks, boolean found, byte[] bytes) {
        ByteBuffer length = ByteBuffer.allocateDirect(Integer.BYTES);
        length.putInt(0, found ? bytes.length : ~bytes.length);
        ranks.broadcast(length, 0);
        ranks.broadcast(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), 0);
    }

    private static byte[] hear(Communicator ranks) throws IOException {
        ByteBuffer length = ByteBuffer.allocateDirect(Integer.BYTES);
        ranks.broadcast(length, 0);
        int told = length.getInt(0);
        ByteBuffer content = ByteBuffer.allocateDirect(told < 0 ? ~told : told);
        ranks.broadcast(content, 0);
        byte[] bytes = new byte[content.capacity()];
        content.get(0, bytes);
        if (told < 0) {
            throw new IOException(new String(bytes, StandardCharsets.UTF_8));
        }
        return bytes;
    }
}
