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
     * @param precision {@code fp64}, {@code fp32} or {@code bf16}
     * @param iterationMillis that products fill in each iteration; one product at least
     * @return FLOP/s of each iteration, two FLOP per multiply-add
     * @throws IllegalArgumentException if there is no such precision
     */
    double[] matmulFlopPerSecond(String precision, int threads, int iterations, int iterationMillis);

    /**
     * The rate of a 3-D convolution of a shape that networks have, 64 to 128 channels by a kernel of side 3 on volumes of side
     * 32, forward: what the engine reaches of {@link #matmulFlopPerSecond} where it cannot choose the shape.
     *
     * @param precision {@code fp64}, {@code fp32} or {@code bf16}
     * @param iterationMillis that convolutions fill in each iteration; one at least
     * @return FLOP/s of each iteration, two FLOP per multiply-add
     * @throws IllegalArgumentException if there is no such precision
     */
    double[] convolutionFlopPerSecond(String precision, int threads, int iterations, int iterationMillis);

    /** Native bytes this process holds through the engine right now; flat over the steps of a run. */
    long nativeBytes();
}
