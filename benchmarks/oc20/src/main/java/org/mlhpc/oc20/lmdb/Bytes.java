package org.mlhpc.oc20.lmdb;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import org.lmdbjava.BufferProxy;
import org.lmdbjava.DbiFlags;

/** A key or a record that is written. */
final class Bytes {
    private final Pointer address;
    private final int size;

    private Bytes(Pointer address, int size) {
        this.address = address;
        this.size = size;
    }

    private static Bytes none() {
        return new Bytes(Pointer.wrap(jnr.ffi.Runtime.getSystemRuntime(), 0), 0);
    }

    static Bytes of(byte[] content) {
        Pointer memory = Memory.allocateDirect(jnr.ffi.Runtime.getSystemRuntime(), Math.max(1, content.length));
        memory.put(0, content, 0, content.length);
        return new Bytes(memory, content.length);
    }

    static Bytes of(String key) {
        return of(key.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] copy() {
        byte[] content = new byte[size];
        address.get(0, content, 0, size);
        return content;
    }

    /**
     * How LmdbJava passes them. Its own ways to do so either copy every record that a cursor passes or change private fields
     * of the JDK's buffers, which the JDK forbids.
     */
    static final class Proxy extends BufferProxy<Bytes> {
        @Override
        protected Bytes allocate() {
            return none();
        }

        @Override
        protected void deallocate(Bytes bytes) {
            // Memory of keys goes with the object; that of records is the file's.
        }

        @Override
        protected byte[] getBytes(Bytes bytes) {
            return bytes.copy();
        }

        @Override
        protected Comparator<Bytes> getComparator(DbiFlags... flags) {
            return getUnsignedComparator();
        }

        @Override
        protected Comparator<Bytes> getSignedComparator() {
            return (a, b) -> java.util.Arrays.compare(a.copy(), b.copy());
        }

        @Override
        protected Comparator<Bytes> getUnsignedComparator() {
            return (a, b) -> java.util.Arrays.compareUnsigned(a.copy(), b.copy());
        }

        @Override
        protected Pointer in(Bytes bytes, Pointer value) {
            return in(bytes, bytes.size, value);
        }

        @Override
        protected Pointer in(Bytes bytes, int size, Pointer value) {
            value.putLong(STRUCT_FIELD_OFFSET_SIZE, size);
            value.putAddress(STRUCT_FIELD_OFFSET_DATA, bytes.address.address());
            return bytes.address;
        }

        @Override
        protected Bytes out(Bytes ignored, Pointer value) {
            long size = value.getLong(STRUCT_FIELD_OFFSET_SIZE);
            return new Bytes(value.getPointer(STRUCT_FIELD_OFFSET_DATA, size), Math.toIntExact(size));
        }
    }
}
