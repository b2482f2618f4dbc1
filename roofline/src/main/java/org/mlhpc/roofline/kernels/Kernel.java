package org.mlhpc.roofline.kernels;

/** What a loop does with each element of 8 bytes. */
public enum Kernel {
    READ(0, 8),
    COPY(1, 16),
    TRIAD(2, 24),
    /** With stores past the caches, which spare the read of what is overwritten. */
    COPY_STREAM(3, 16),
    /** As {@link #COPY_STREAM}. */
    TRIAD_STREAM(4, 24),
    FMA_FP64(5, 0),
    FMA_FP32(6, 0),
    FMA_BF16(7, 0);

    /** Reports the clock in hertz instead of doing work; no loop of JMH. */
    static final int CLOCK = 8;

    private final int code;
    private final int bytesPerElement;

    Kernel(int code, int bytesPerElement) {
        this.code = code;
        this.bytesPerElement = bytesPerElement;
    }

    /** Its number in {@code kernels.c}. */
    int code() {
        return code;
    }

    /** Bytes that the program reads and writes by element, as STREAM counts; 0 for arithmetic. */
    public int bytesPerElement() {
        return bytesPerElement;
    }

    /** Arrays that the loop goes through. */
    public int arrays() {
        return bytesPerElement / Double.BYTES;
    }
}
