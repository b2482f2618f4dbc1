package org.mlhpc.staging.engine;

/**
 * How a rank reads and writes.
 *
 * @param workers files, or segments of large ones, in flight
 * @param chunkBytes bytes of a request, a multiple of {@link Blocks#ALIGNMENT}
 * @param direct whether large files go past the page cache where the file system can
 * @param unpack whether GZIP files are decompressed
 * @param readBack whether what was written is read again and compared before it gets its name
 */
public record IoOptions(int workers, int chunkBytes, boolean direct, boolean unpack, boolean readBack) {
    public static final int DEFAULT_WORKERS = 4;
    public static final int DEFAULT_CHUNK_BYTES = 4 << 20;

    public IoOptions {
        if (workers < 1) {
            throw new IllegalArgumentException("workers=" + workers + " must be at least 1");
        }
        if (chunkBytes < Blocks.ALIGNMENT || chunkBytes % Blocks.ALIGNMENT != 0) {
            throw new IllegalArgumentException(
                    "a request of " + chunkBytes + " bytes is not a multiple of " + Blocks.ALIGNMENT);
        }
    }

    /** What measurements on local disks showed to be best; see docs/log.md. */
    public static IoOptions defaults() {
        return new IoOptions(DEFAULT_WORKERS, DEFAULT_CHUNK_BYTES, true, false, false);
    }

    public IoOptions withUnpack(boolean on) {
        return new IoOptions(workers, chunkBytes, direct, on, readBack);
    }

    public IoOptions withReadBack(boolean on) {
        return new IoOptions(workers, chunkBytes, direct, unpack, on);
    }

    public IoOptions withDirect(boolean on) {
        return new IoOptions(workers, chunkBytes, on, unpack, readBack);
    }

    public IoOptions withWorkers(int number) {
        return new IoOptions(number, chunkBytes, direct, unpack, readBack);
    }

    /** Bytes of buffers while copying. */
    public long bufferBytes() {
        return (long) workers * chunkBytes;
    }
}
