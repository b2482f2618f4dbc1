package org.mlhpc.roofline.network;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.mlhpc.api.Communicator;
import org.mlhpc.roofline.Scratch;
import org.mlhpc.roofline.kernels.KernelCompiler;

/**
 * The operations in C on the MPI that the process has initialised: what its network reaches without the Java bindings, whose
 * share shows beside. Compiled by the first rank and handed to the others, since nodes need not share a folder.
 */
public final class NativeMessages implements RankTraffic.Repeater, Closeable {
    private static final String SOURCE = "messages.c";

    private final Scratch scratch;
    private final long address;

    private NativeMessages(Scratch scratch, long address) {
        this.scratch = scratch;
        this.address = address;
    }

    /**
     * Compiles and loads on all ranks. Collective.
     *
     * @param compiler such as {@code mpicc}
     * @param largest number of bytes to be asked for
     * @throws IOException on all ranks if it fails on one; the message of the first rank says why if it knows
     */
    public static NativeMessages prepare(Communicator world, String compiler, int largest) throws IOException {
        Scratch scratch = Scratch.create("mlhpc-messages");
        String why = "";
        try {
            byte[] library = compiledByFirst(world, compiler, scratch.folder());
            Path file = scratch.folder().resolve("received.so");
            Files.write(file, library);
            System.load(file.toAbsolutePath().toString());
            why = ranks() == world.size() ? "" : compiler + " is of another MPI than the Java bindings";
        } catch (IOException | UnsatisfiedLinkError e) {
            why = String.valueOf(e.getMessage());
        }
        long address = why.isEmpty() ? allocate(largest) : 0;
        if (world.max(address == 0 ? 1 : 0) > 0) {
            if (address != 0) {
                release(address);
            }
            scratch.close();
            throw new IOException(why.isEmpty() ? "another rank could not load or allocate" : why);
        }
        return new NativeMessages(scratch, address);
    }

    /** The library; every rank takes part even if the first has none to give. */
    private static byte[] compiledByFirst(Communicator world, String compiler, Path folder) throws IOException {
        byte[] library = {};
        String why = "the first rank could not compile";
        if (world.rank() == 0) {
            try (InputStream source =
                    Objects.requireNonNull(NativeMessages.class.getResourceAsStream(SOURCE), SOURCE)) {
                library = Files.readAllBytes(KernelCompiler.compile(compiler, source, folder));
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        int length = (int) world.max(library.length);
        if (length == 0) {
            throw new IOException(why);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        bytes.put(0, library);
        world.broadcast(bytes, 0);
        byte[] received = new byte[length];
        bytes.get(0, received);
        return received;
    }

    @Override
    public double repeat(RankTraffic.Operation operation, int bytes, int count) {
        double seconds = repeat(operation.code(), address, bytes, count);
        if (seconds < 0) {
            throw new IllegalStateException("MPI reports an error in " + operation.label() + " of " + bytes + " bytes");
        }
        return seconds;
    }

    @Override
    public void close() throws IOException {
        release(address);
        scratch.close();
    }

    private static native int ranks();

    private static native long allocate(long bytes);

    private static native void release(long address);

    private static native double repeat(int operation, long address, int bytes, int count);
}
