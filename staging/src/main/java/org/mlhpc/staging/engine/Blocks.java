package org.mlhpc.staging.engine;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file read or written in large requests at positions that are multiples of {@link #ALIGNMENT}; past the page cache, if
 * direct, which saves a copy in memory and leaves the cache to those who need it.
 */
public final class Blocks implements Closeable {
    /** What direct I/O asks of addresses, positions and lengths. */
    public static final int ALIGNMENT = 4096;

    private static final int LARGE_PAGE = 2 << 20;

    private final FileChannel channel;
    private final boolean direct;

    private Blocks(FileChannel channel, boolean direct) {
        this.channel = channel;
        this.direct = direct;
    }

    public static Blocks read(Path file, boolean direct) throws IOException {
        return open(file, direct, StandardOpenOption.READ);
    }

    /** Opens a file for writing, which other threads may be writing too. */
    public static Blocks write(Path file, boolean direct) throws IOException {
        return open(file, direct, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static Blocks open(Path file, boolean direct, OpenOption... options) throws IOException {
        var all = new ArrayList<>(List.of(options));
        if (direct) {
            all.add(ExtendedOpenOption.DIRECT);
        }
        return new Blocks(FileChannel.open(file, all.toArray(new OpenOption[0])), direct);
    }

    /**
     * An aligned buffer of {@code bytes}, a multiple of {@link #ALIGNMENT}; in large pages, if it fills them and the allocator
     * asks the kernel for them: a direct request in small pages is scattered, and devices cut it (docs/log.md).
     */
    public static ByteBuffer buffer(int bytes) {
        int alignment = bytes % LARGE_PAGE == 0 ? LARGE_PAGE : ALIGNMENT;
        return ByteBuffer.allocateDirect(bytes + alignment)
                .alignedSlice(alignment)
                .limit(bytes)
                .slice();
    }

    static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Reads {@code bytes}, fewer only at the end of the file, to the beginning of {@code buffer}, of which they then are
     * what remains.
     */
    public void read(ByteBuffer buffer, int bytes, long position) throws IOException {
        buffer.clear().limit((int) Math.min(aligned(bytes), buffer.capacity()));
        int length = 0;
        while (length < bytes) {
            int n = channel.read(buffer, position + length);
            if (n <= 0) {
                break;
            }
            length += n;
        }
        buffer.position(0).limit(Math.min(length, bytes));
    }

    /** Writes what remains of {@code buffer}, from its beginning; direct writes fill the last block up with rubbish. */
    public void write(ByteBuffer buffer, long position) throws IOException {
        ByteBuffer rest = buffer.duplicate();
        if (direct) {
            rest.limit((int) aligned(buffer.limit()));
        }
        while (rest.hasRemaining()) {
            channel.write(rest, position + rest.position());
        }
    }

    /** Cuts off what direct writes wrote too much. */
    public void truncate(long bytes) throws IOException {
        channel.truncate(bytes);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Whether files in {@code folder} can be written directly; leaves nothing behind. */
    static boolean writesDirectly(Path folder) throws IOException {
        Path trial = folder.resolve("direct-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
        ByteBuffer block = buffer(ALIGNMENT);
        try {
            if (Files.getFileStore(folder).getBlockSize() > ALIGNMENT) {
                return false;
            }
            try (Blocks file = write(trial, true)) {
                file.write(block, 0);
                return true;
            }
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        } finally {
            Files.deleteIfExists(trial);
        }
    }

    /** Whether {@code file} can be read directly. */
    public static boolean readsDirectly(Path file) {
        ByteBuffer block = buffer(ALIGNMENT);
        try {
            if (Files.getFileStore(file).getBlockSize() > ALIGNMENT) {
                return false;
            }
            try (Blocks blocks = read(file, true)) {
                blocks.read(block, ALIGNMENT, 0);
                return true;
            }
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
