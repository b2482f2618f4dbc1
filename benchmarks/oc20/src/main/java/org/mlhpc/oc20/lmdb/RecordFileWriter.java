package org.mlhpc.oc20.lmdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/** An LMDB file in the making, under a temporary name until {@link #finish}. The same records give the same bytes. */
public final class RecordFileWriter implements AutoCloseable {
    /** Addresses reserved; the file grows with its records. */
    private static final long MAP_BYTES = 1L << 40;

    private static final int RECORDS_PER_TRANSACTION = 256;

    private final Path file;
    private final Path partial;
    private final Env<Bytes> env;
    private final Dbi<Bytes> records;
    private Txn<Bytes> transaction;
    private int inTransaction;
    private boolean released;
    private boolean finished;

    /** Replaces whatever has the temporary name. */
    public RecordFileWriter(Path file) throws IOException {
        this.file = file;
        this.partial = file.resolveSibling(file.getFileName() + ".partial");
        Files.deleteIfExists(partial);
        env = open();
        try {
            records = env.openDbi((byte[]) null);
            transaction = env.txnWrite();
        } catch (LmdbException e) {
            env.close();
            Files.deleteIfExists(partial);
            throw failure(e);
        }
    }

    private Env<Bytes> open() throws IOException {
        try {
            return Env.create(new Bytes.Proxy())
                    .setMapSize(MAP_BYTES)
                    // What is not finished has no name, so it need not reach the device transaction by transaction.
                    .open(partial.toFile(), EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOLOCK, EnvFlags.MDB_NOSYNC);
        } catch (LmdbException e) {
            Files.deleteIfExists(partial);
            throw failure(e);
        }
    }

    private IOException failure(LmdbException e) {
        return new IOException(partial + ": " + e.getMessage(), e);
    }

    /** Adds a record. */
    public void put(String key, byte[] record) throws IOException {
        try {
            records.put(transaction, Bytes.of(key), Bytes.of(record));
            if (++inTransaction == RECORDS_PER_TRANSACTION) {
                transaction.commit();
                transaction.close();
                transaction = env.txnWrite();
                inTransaction = 0;
            }
        } catch (LmdbException e) {
            throw failure(e);
        }
    }

    /** Brings the file to the device and gives it its name. */
    public void finish() throws IOException {
        try {
            transaction.commit();
            release();
        } catch (LmdbException e) {
            throw failure(e);
        }
        try (var channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        finished = true;
    }

    private void release() {
        if (!released) {
            released = true;
            transaction.close();
            records.close();
            env.close();
        }
    }

    /** Unless {@link #finish} has succeeded, removes what has been written. */
    @Override
    public void close() throws IOException {
        release();
        if (!finished) {
            Files.deleteIfExists(partial);
        }
    }
}
