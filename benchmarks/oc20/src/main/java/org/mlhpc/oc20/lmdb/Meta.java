package org.mlhpc.oc20.lmdb;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What one of the two first pages of an LMDB file says of it ({@code MDB_meta} in {@code mdb.c} of LMDB 0.9); of the two the
 * one with the later transaction counts.
 *
 * @param pageBytes bytes of a page
 * @param kind flags of the tree of records; 0 for keys that are ordered byte by byte, each once
 * @param depth levels of the tree
 * @param entries number of records
 * @param root page at the top of the tree; -1 if there are no records
 * @param lastPage number of the last page in use
 * @param transaction number of the transaction that wrote this
 */
record Meta(int pageBytes, int kind, int depth, long entries, long root, long lastPage, long transaction) {
    /** Bytes of a first page that say something. */
    static final int BYTES = 152;

    /** Deeper than any tree that can be; LMDB's own limit. */
    private static final int MOST_LEVELS = 32;

    private static final int MAGIC = 0xBEEFC0DE;
    private static final int VERSION = 1;
    private static final int LEAST_PAGE = 512;
    private static final int LARGEST_PAGE = 1 << 15;

    /** Empty if {@code page}, little-endian, is not the first page of an LMDB file. */
    static Optional<Meta> of(ByteBuffer page) {
        if (page.getInt(16) != MAGIC || page.getInt(20) != VERSION) {
            return Optional.empty();
        }
        var meta = new Meta(
                page.getInt(40),
                page.getShort(92),
                page.getShort(94),
                page.getLong(120),
                page.getLong(128),
                page.getLong(136),
                page.getLong(144));
        return meta.isPossible() ? Optional.of(meta) : Optional.empty();
    }

    private boolean isPossible() {
        return Integer.bitCount(pageBytes) == 1
                && pageBytes >= LEAST_PAGE
                && pageBytes <= LARGEST_PAGE
                && kind == 0
                && depth >= 0
                && depth <= MOST_LEVELS
                && lastPage > 0
                && lastPage < Integer.MAX_VALUE
                && entries >= 0
                && entries / pageBytes <= lastPage
                && (root == -1) == (entries == 0);
    }

    /** Bytes of the file at least. */
    long fileBytes() {
        return (lastPage + 1) * pageBytes;
    }
}
