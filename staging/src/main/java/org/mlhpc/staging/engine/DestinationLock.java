package org.mlhpc.staging.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.mlhpc.api.FileErrors;

/** The right of one node's ranks to fill a folder. The system takes it back when the process that holds it ends. */
public final class DestinationLock implements Closeable {
    private final FileChannel channel;

    private DestinationLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws IOException if another staging fills {@code folder}; the message says who */
    public static DestinationLock take(Path folder) throws IOException {
        Path file = Files.createDirectories(Destination.state(folder)).resolve("lock");
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (lock(channel, file) == null) {
                throw new IOException(folder + " is being filled by another staging (" + holder(file)
                        + "): wait for it, or use another folder; nodes that share a file system need a folder each,"
                        + " such as DIR/{node}, and runs at the same time too: DIR/{run}/{node}");
            }
            String self = "process " + ProcessHandle.current().pid() + " on "
                    + Files.readString(Path.of("/proc/sys/kernel/hostname")).strip() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(self.getBytes(StandardCharsets.UTF_8)));
            return new DestinationLock(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(FileChannel channel, Path file) throws IOException {
        try {
            return channel.tryLock();
        } catch (IOException e) {
            throw new IOException(
                    "cannot lock " + file + " (" + FileErrors.message(e)
                            + "): stage to a file system that supports locks",
                    e);
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process holds it
        }
    }

    private static String holder(Path file) throws IOException {
        String holder = Files.readString(file).strip();
        return holder.isEmpty() ? "unknown process" : holder;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
