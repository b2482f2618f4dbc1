package org.mlhpc.harness.mpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;

/** Direct memory for the few values of small collectives; it grows and is used again. */
final class Scratch {
    private static final int INITIAL_VALUES = 64;

    private DoubleBuffer buffer = allocate(INITIAL_VALUES);

    /** At least {@code values} long, valid until the next call. */
    DoubleBuffer of(int values) {
        if (buffer.capacity() < values) {
            buffer = allocate(values);
        }
        return buffer;
    }

    private static DoubleBuffer allocate(int values) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(values, Double.BYTES))
                .order(ByteOrder.nativeOrder())
                .asDoubleBuffer();
    }
}
