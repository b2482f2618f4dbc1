package org.mlhpc.roofline.kernels;

import java.nio.file.Path;

/** The loops of {@code kernels.c}. */
public final class NativeKernels {
    /** Property that names the compiled library. */
    static final String LIBRARY = "mlhpc.kernels";

    private static final long CLOCK_REPEATS = 200_000;

    private NativeKernels() {}

    /** Loads what {@link KernelCompiler} has made. */
    public static void load(Path library) {
        System.load(library.toAbsolutePath().toString());
    }

    /**
     * Clock of the processor during about a millisecond of products that wait for each other, in hertz; 0 if this cannot be
     * measured.
     */
    static double clockHertz() {
        return run(Kernel.CLOCK, 0, 0, CLOCK_REPEATS);
    }

    /** Whether the processor multiplies bf16 in vectors. */
    public static boolean hasBf16() {
        return bf16() != 0;
    }

    /** FLOP of one pass of an arithmetic loop. */
    static double flopPerPass(Kernel kernel) {
        int bytes =
                switch (kernel) {
                    case FMA_FP64 -> Double.BYTES;
                    case FMA_FP32 -> Float.BYTES;
                    case FMA_BF16 -> Short.BYTES;
                    default -> throw new IllegalArgumentException(kernel + " does no arithmetic");
                };
        return 2.0 * accumulators() * vectorBytes() / bytes;
    }

    /** Address of memory for so many arrays, filled with ones; 0 if there is not so much. */
    static native long allocate(int arrays, long elements);

    static native void release(long address);

    private static native int bf16();

    /** Bytes of the widest vectors. */
    public static native int vectorBytes();

    private static native int accumulators();

    /** Goes {@code repeats} times through arrays of {@code elements} at {@code address}; a value that depends on all. */
    static native double run(int kernel, long address, long elements, long repeats);
}
