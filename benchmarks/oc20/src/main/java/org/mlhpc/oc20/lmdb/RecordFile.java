package org.mlhpc.oc20.lmdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import org.mlhpc.api.FileErrors;

/**
 * An LMDB file that is read, page by page. For several threads. Nothing is mapped into memory, and every number in the file is
 * checked before use: whatever is in it, reading gives records or an exception.
 */
public final class RecordFile implements AutoCloseable {
    /** Bytes of the longest record that Java can hold. */
    private static final long MOST = Integer.MAX_VALUE - 64L;

    private final Path file;
    private final FileChannel channel;
    private final Meta meta;
    /** LMDB need not write the pages at the end that no record uses, so that a sound file may be shorter than it says. */
    private final long size;

    private RecordFile(Path file, FileChannel channel, Meta meta, long size) {
        this.file = file;
        this.channel = channel;
        this.meta = meta;
        this.size = size;
    }

    /** @throws IOException if the file is missing or not LMDB; the message names it */
    public static RecordFile open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is missing");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            Meta first = meta(file, channel, 0);
            Meta second = meta(file, channel, first.pageBytes());
            Meta meta = second.transaction() > first.transaction() ? second : first;
            return new RecordFile(file, channel, meta, channel.size());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Meta meta(Path file, FileChannel channel, long at) throws IOException {
        if (channel.size() < at + Meta.BYTES) {
            throw new IOException(file + " is not a sound LMDB file (it has " + channel.size() + " bytes)");
        }
        return Meta.of(bytes(file, channel, at, Meta.BYTES))
                .orElseThrow(() -> new IOException(
                        file + " is not a sound LMDB file (at byte " + at + " there should be a first page of one)"));
    }

    private static ByteBuffer bytes(Path file, FileChannel channel, long at, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (readSome(file, channel, bytes, at + bytes.position()) < 0) {
                throw new IOException(file + " ends before byte " + (at + count) + ": it has been cut while in use");
            }
        }
        return bytes;
    }

    private static int readSome(Path file, FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        try {
            return channel.read(bytes, at);
        } catch (ClosedChannelException e) {
            throw new IOException(file + " was closed while it was read", e);
        } catch (IOException e) {
            throw FileErrors.naming(file, e);
        }
    }

    private Page page(long number, IOException otherwise) throws IOException {
        if (number < 0 || number > meta.lastPage()) {
            throw otherwise;
        }
        requireThere((number + 1) * meta.pageBytes());
        return new Page(file, number, bytes(file, channel, number * meta.pageBytes(), meta.pageBytes()));
    }

    /** Where a file that names its last page ends before it, it was cut. */
    private void requireThere(long end) throws IOException {
        if (end > size) {
            throw new IOException(file + " has " + size + " bytes, and says it has " + meta.fileBytes()
                    + ", one of which is wanted at " + (end - 1) + ": the file is truncated, copy it again");
        }
    }

    private Page root() throws IOException {
        return page(meta.root(), new IOException(file + " is not a sound LMDB file (its tree begins outside)"));
    }

    private Page below(Page branch, int node) throws IOException {
        long child = branch.child(node);
        return page(child, branch.damaged("leads to page " + child + ", which is not there"));
    }

    /** The record under {@code key}; empty if there is none. */
    public Optional<byte[]> read(String key) throws IOException {
        if (meta.entries() == 0) {
            return Optional.empty();
        }
        byte[] wanted = key.getBytes(StandardCharsets.ISO_8859_1);
        Page page = root();
        for (int level = 1; !page.isLeaf(); level++) {
            requireBelow(page, level);
            page = below(page, page.childOf(wanted));
        }
        int node = page.find(wanted);
        return node < 0 ? Optional.empty() : Optional.of(content(page, key, page.value(node)));
    }

    private void requireBelow(Page branch, int level) throws IOException {
        if (level >= meta.depth() || branch.nodes() == 0) {
            throw branch.damaged("is a branch where there should be a leaf");
        }
    }

    private byte[] content(Page page, String key, Page.Value value) throws IOException {
        if (value.size() > meta.fileBytes()) {
            throw new IOException(file + ": record '" + key + "' says it has " + value.size()
                    + " bytes, more than the file: the file is damaged, copy it again");
        }
        if (!value.big()) {
            byte[] content = new byte[(int) value.size()];
            page.bytes().get(value.at(), content);
            return content;
        }
        long begin = value.page() * meta.pageBytes();
        long bytes = Page.HEADER_BYTES + value.size();
        if (value.page() < 0 || value.page() > meta.lastPage() || begin + bytes > meta.fileBytes() || bytes > MOST) {
            throw page.damaged("leads to a record beyond the end of the file");
        }
        requireThere(begin + bytes);
        ByteBuffer content = bytes(file, channel, begin, (int) bytes);
        if (content.getLong(0) != value.page() || Page.kind(content) != Page.OVERFLOW) {
            throw page.damaged("leads to page " + value.page() + ", where there should be a record");
        }
        byte[] record = new byte[(int) value.size()];
        content.get(Page.HEADER_BYTES, record);
        return record;
    }

    /** Number of records, as the file says. */
    public long count() {
        return meta.entries();
    }

    /** Tells key and size in bytes of each record, in the order of keys; reads none of them. */
    public void sizes(ObjIntConsumer<String> consumer) throws IOException {
        if (meta.entries() > 0) {
            sizes(root(), 1, new BitSet(), consumer);
        }
    }

    /** @param seen pages of the tree that have been passed: damage may lead in circles */
    private void sizes(Page page, int level, BitSet seen, ObjIntConsumer<String> consumer) throws IOException {
        boolean leaf = page.isLeaf();
        int number = Math.toIntExact(page.number());
        if (seen.get(number)) {
            throw page.damaged("is in the tree twice");
        }
        seen.set(number);
        if (!leaf) {
            requireBelow(page, level);
        }
        for (int node = 0; node < page.nodes(); node++) {
            if (leaf) {
                Page.Value value = page.value(node);
                requireOnItsPages(value);
                consumer.accept(Page.text(page.key(node)), (int) Math.min(MOST, value.size()));
            } else {
                sizes(below(page, node), level + 1, seen, consumer);
            }
        }
    }

    /** So that a truncated file is found before training. Values that not even the whole file could hold are, when they are read. */
    private void requireOnItsPages(Page.Value value) throws IOException {
        if (value.big() && value.page() >= 0 && value.page() <= meta.lastPage()) {
            long end = value.page() * meta.pageBytes() + Page.HEADER_BYTES + value.size();
            if (end <= meta.fileBytes()) {
                requireThere(end);
            }
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Whoever reads at this moment gets an exception. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
