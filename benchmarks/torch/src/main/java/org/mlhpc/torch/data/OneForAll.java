package org.mlhpc.torch.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    /** One byte says whether the rest is what was found, or why nothing was. */
    private static void tell(Communicator ranks, boolean found, byte[] bytes) {
        ByteBuffer message = ByteBuffer.allocate(1 + bytes.length);
        message.put((byte) (found ? 1 : 0)).put(bytes);
        ranks.broadcast(message.array(), 0);
    }

    private static byte[] hear(Communicator ranks) throws IOException {
        byte[] message = ranks.broadcast(new byte[0], 0);
        byte[] bytes = Arrays.copyOfRange(message, 1, message.length);
        if (message[0] == 0) {
            throw new IOException(new String(bytes, StandardCharsets.UTF_8));
        }
        return bytes;
    }
}
