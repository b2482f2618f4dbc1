package org.mlhpc.roofline.network;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.Communicator;
import org.mlhpc.api.FileErrors;
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
        return prepare(world, compiler, largest, Scratch::create);
    }

    /** Makes the folder that a rank loads the library from. */
    @FunctionalInterface
    interface Folders {
        Scratch create(String prefix) throws IOException;
    }

    static NativeMessages prepare(Communicator world, String compiler, int largest, Folders folders)
            throws IOException {
        Scratch scratch = null;
        long address = 0;
        String why = "";
        // Whatever fails on a rank, it takes part in what the others wait for.
        byte[] library = {};
        try {
            scratch = folders.create("mlhpc-messages");
            library = world.rank() == 0 ? compiled(compiler, scratch.folder()) : library;
        } catch (IOException e) {
            why = FileErrors.message(e);
        }
        byte[] received = world.broadcast(library, 0);
        try {
            if (scratch != null && received.length > 0) {
                load(received, scratch.folder());
                address = ranks() == world.size() ? allocate(largest) : 0;
            }
        } catch (IOException | UnsatisfiedLinkError e) {
            why = FileErrors.message(e);
        }
        boolean failed = world.max(scratch == null || address == 0 ? 1 : 0) > 0;
        if (scratch != null && !failed) {
            return new NativeMessages(scratch, address);
        }
        discard(scratch, address);
        throw new IOException(why.isEmpty() ? "another rank could not compile, load or allocate" : why);
    }

    private static void load(byte[] library, Path folder) throws IOException {
        Path file = folder.resolve("received.so");
        Files.write(file, library);
        System.load(file.toAbsolutePath().toString());
    }

    private static void discard(@Nullable Scratch scratch, long address) throws IOException {
        if (address != 0) {
            release(address);
        }
        if (scratch != null) {
            scratch.close();
        }
    }

    private static byte[] compiled(String compiler, Path folder) throws IOException {
        try (InputStream source = Objects.requireNonNull(NativeMessages.class.getResourceAsStream(SOURCE), SOURCE)) {
            return Files.readAllBytes(KernelCompiler.compile(compiler, source, folder));
        }
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
