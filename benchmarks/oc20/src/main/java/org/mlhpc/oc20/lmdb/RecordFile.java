package org.mlhpc.oc20.lmdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/** An LMDB file that is read. For several threads. */
public final class RecordFile implements AutoCloseable {
    private final Path file;
    private final long bytes;
    private final Env<Bytes> env;
    private final Dbi<Bytes> records;

    private RecordFile(Path file, long bytes, Env<Bytes> env, Dbi<Bytes> records) {
        this.file = file;
        this.bytes = bytes;
        this.env = env;
        this.records = records;
    }

    /** @throws IOException if the file is missing, not LMDB, or shorter than it says; the message names it */
    public static RecordFile open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is missing");
        }
        Env<Bytes> env = environment(file);
        try {
            long pages = env.info().lastPageNumber + 1;
            long bytes = Math.multiplyExact(pages, (long) env.stat().pageSize);
            if (Files.size(file) < bytes) {
                throw new IOException(file + " has " + Files.size(file) + " bytes, and says it has " + bytes
                        + ": the file is truncated, copy it again");
            }
            return new RecordFile(file, bytes, env, env.openDbi((byte[]) null));
        } catch (LmdbException | ArithmeticException | IOException e) {
            env.close();
            throw e instanceof IOException io ? io : unreadable(file, e);
        }
    }

    private static Env<Bytes> environment(Path file) throws IOException {
        try {
            return Env.create(new Bytes.Proxy())
                    .open(
                            file.toFile(),
                            EnvFlags.MDB_NOSUBDIR,
                            EnvFlags.MDB_RDONLY_ENV,
                            EnvFlags.MDB_NOLOCK,
                            EnvFlags.MDB_NOTLS);
        } catch (LmdbException e) {
            throw unreadable(file, e);
        }
    }

    private static IOException unreadable(Path file, Exception e) {
        return new IOException(file + " is not a sound LMDB file (" + e.getMessage() + ")", e);
    }

    /** The record under {@code key}; empty if there is none. */
    public Optional<byte[]> read(String key) throws IOException {
        try (Txn<Bytes> transaction = env.txnRead()) {
            Optional<Bytes> found = Optional.ofNullable(records.get(transaction, Bytes.of(key)));
            if (found.isPresent() && found.get().size() > bytes) {
                throw new IOException(file + ": record '" + key + "' says it has "
                        + found.get().size() + " bytes, more than the file: the file is damaged, copy it again");
            }
            return found.map(Bytes::copy);
        } catch (LmdbException | ArithmeticException e) {
            throw unreadable(file, e);
        }
    }

    /** Number of records, as the file says. */
    public long count() throws IOException {
        try (Txn<Bytes> transaction = env.txnRead()) {
            return records.stat(transaction).entries;
        } catch (LmdbException e) {
            throw unreadable(file, e);
        }
    }

    /** Tells key and size in bytes of each record, in the order of keys; reads none of them. */
    public void sizes(ObjIntConsumer<String> consumer) throws IOException {
        try (Txn<Bytes> transaction = env.txnRead();
                CursorIterable<Bytes> entries = records.iterate(transaction)) {
            for (CursorIterable.KeyVal<Bytes> entry : entries) {
                consumer.accept(entry.key().text(), entry.val().size());
            }
        } catch (LmdbException | ArithmeticException e) {
            throw unreadable(file, e);
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    @Override
    public void close() {
        records.close();
        env.close();
    }
}
