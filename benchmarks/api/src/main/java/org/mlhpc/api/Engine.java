package org.mlhpc.api;

import java.util.List;

/** The numerical library below the workloads; found by ServiceLoader. */
public interface Engine {
    /** Loads the library, which may take seconds; otherwise the first use of it does. */
    void start();

    /** Name and version, as recorded with a run. */
    String name();

    /** Model name of the accelerator in use; empty on the CPU. */
    String accelerator();

    /** Precisions this machine has fast arithmetic for, such as {@code fp32} and {@code bf16}. */
    List<String> fastPrecisions();

    /**
     * The rate of a large square matrix product by the fastest way the library has: the practical arithmetic ceiling.
     *
     * @param precision {@code fp32} or {@code bf16}
     * @return FLOP/s of each repetition, two FLOP per multiply-add
     */
    double[] matmulFlopPerSecond(String precision, int threads, int repetitions);

    /**
     * The rate of a 3-D convolution of a shape that networks have, 64 to 128 channels by a kernel of side 3 on volumes of side
     * 32, forward: what the engine reaches of {@link #matmulFlopPerSecond} where it cannot choose the shape.
     *
     * @param precision {@code fp32} or {@code bf16}
     * @return FLOP/s of each repetition, two FLOP per multiply-add
     */
    double[] convolutionFlopPerSecond(String precision, int threads, int repetitions);

    /** Native bytes this process holds through the engine right now; flat over the steps of a run. */
    long nativeBytes();
}
