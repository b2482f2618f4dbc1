package org.mlhpc.roofline.kernels;

import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The loops of {@link NativeKernels}; each thread has arrays of its own, which it touches first. */
@State(Scope.Thread)
public class NativeLoops {
    @Param("READ")
    public Kernel kernel = Kernel.READ;

    /** Of each array. */
    @Param("1024")
    public long elements;

    @Param("1")
    public long repeats;

    private long address;

    /** Allocates. */
    @Setup(Level.Trial)
    public void allocate() {
        NativeKernels.load(Path.of(System.getProperty(NativeKernels.LIBRARY, "")));
        if (kernel.arrays() > 0) {
            address = NativeKernels.allocate(kernel.arrays(), elements);
            if (address == 0) {
                throw new IllegalStateException(
                        "no memory for " + kernel.arrays() + " arrays of " + elements + " elements");
            }
        }
    }

    /** Passes through the arrays. */
    @Benchmark
    public double pass() {
        return NativeKernels.run(kernel.code(), address, elements, repeats);
    }

    /** Gives the memory back. */
    @TearDown(Level.Trial)
    public void release() {
        NativeKernels.release(address);
    }
}
