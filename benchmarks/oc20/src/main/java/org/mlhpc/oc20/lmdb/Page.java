package org.mlhpc.oc20.lmdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A page of the tree, as in {@code lmdb.h} and {@code mdb.c} of LMDB 0.9: a header of 16 bytes (number, padding, flags, end of the list
 * of nodes, begin of the nodes), then where each node begins, ordered by key; everything little-endian. No place in a page is
 * trusted.
 *
 * @param bytes the page, little-endian
 */
record Page(Path file, long number, ByteBuffer bytes) {
    static final int HEADER_BYTES = 16;
    static final int OVERFLOW = 0x04;

    private static final int KINDS = 0x6f;
    private static final int BRANCH = 0x01;
    private static final int LEAF = 0x02;
    private static final int NODE_HEADER_BYTES = 8;
    /** Flag of a node whose record is on pages of its own. */
    private static final int BIG = 0x01;

    /** The value of a leaf: {@code size} bytes from {@code at} of this page, or if {@code big} on pages from {@code page} on. */
    record Value(long size, boolean big, long page, int at) {}

    /** What kind of page it is, without the flags that transactions leave. */
    static int kind(ByteBuffer page) {
        return page.getShort(10) & KINDS;
    }

    /** Whether this is the lowest level of the tree; fails for a page that is not of the tree at all. */
    boolean isLeaf() throws IOException {
        int kind = kind(bytes);
        if (bytes.getLong(0) != number || (kind != BRANCH && kind != LEAF)) {
            throw damaged("is not the page of the tree that it should be");
        }
        return kind == LEAF;
    }

    IOException damaged(String what) {
        return new IOException(file + ": page " + number + " " + what + ": the file is damaged, copy it again");
    }

    /** Number of nodes. */
    int nodes() throws IOException {
        int end = bytes.getShort(12) & 0xffff;
        if (end < HEADER_BYTES || end > bytes.capacity() || end % 2 != 0) {
            throw damaged("says that its list of nodes ends at byte " + end);
        }
        return (end - HEADER_BYTES) / 2;
    }

    private int begin(int node) throws IOException {
        int begin = bytes.getShort(HEADER_BYTES + 2 * node) & 0xffff;
        if (begin < HEADER_BYTES || begin + NODE_HEADER_BYTES > bytes.capacity()) {
            throw damaged("says that a node begins at byte " + begin);
        }
        if (begin + NODE_HEADER_BYTES + keyBytes(begin) > bytes.capacity()) {
            throw damaged("has a key of " + keyBytes(begin) + " bytes beyond its end");
        }
        return begin;
    }

    private int keyBytes(int begin) {
        return bytes.getShort(begin + 6) & 0xffff;
    }

    byte[] key(int node) throws IOException {
        int begin = begin(node);
        byte[] key = new byte[keyBytes(begin)];
        bytes.get(begin + NODE_HEADER_BYTES, key);
        return key;
    }

    private long low32(int begin) {
        return bytes.getInt(begin) & 0xffff_ffffL;
    }

    /** Number of the page below a node of a branch. */
    long child(int node) throws IOException {
        int begin = begin(node);
        return low32(begin) | (bytes.getShort(begin + 4) & 0xffffL) << 32;
    }

    /** What a node of a leaf holds. */
    Value value(int node) throws IOException {
        int begin = begin(node);
        int flags = bytes.getShort(begin + 4);
        int at = begin + NODE_HEADER_BYTES + keyBytes(begin);
        long size = low32(begin);
        boolean big = flags == BIG;
        if (flags != BIG && flags != 0) {
            throw damaged("has a node of a kind that files of graphs do not have");
        }
        if (at + (big ? Long.BYTES : size) > bytes.capacity()) {
            throw damaged("has a record of " + size + " bytes beyond its end");
        }
        return new Value(size, big, big ? bytes.getLong(at) : number, at);
    }

    /** The node of a branch below which {@code key} is, if anywhere: the last one that is not greater. The first one's key is empty. */
    int childOf(byte[] key) throws IOException {
        int low = 0;
        int high = nodes() - 1;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (Arrays.compareUnsigned(key(middle), key) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The node of a leaf with this key; -1 if there is none. */
    int find(byte[] key) throws IOException {
        int low = 0;
        int high = nodes() - 1;
        while (low <= high) {
            int middle = (low + high) / 2;
            int order = Arrays.compareUnsigned(key(middle), key);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    static String text(byte[] key) {
        return new String(key, StandardCharsets.ISO_8859_1);
    }
}
